/** Reading and filling forms of many shapes, judged by qpdf, poppler and pixels (R27, ISO 32000-2 12.7). */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { bytesSource, fill, fillingFaults, inspect, prepare } from '../../signing/index.ts';
import type { ByteSource, PdfBox } from '../../signing/ports.ts';
import { formPdf, states, unicode, widget } from '../support/pdf-forms.ts';
import { judge, pdfFixture, renderFirstPage, stampFont, textOf, withFiles } from '../support/pdf-tools.ts';
import { rejection } from '../support/rejection.ts';

const FONTS = [stampFont()];
type Values = Readonly<Record<string, string>>;

const listed = (values: Values) => Object.entries(values).map(([name, value]) => ({ name, value }));

async function boxesOf(source: ByteSource): Promise<readonly PdfBox[]> {
  const inspection = await inspect(source, { signedUploads: 'append' });
  return inspection.ok ? inspection.boxes : [];
}

async function filled(file: Uint8Array, values: Values): Promise<Buffer> {
  const revision = await fill(bytesSource(file), { values: listed(values), fonts: FONTS });
  const whole = Buffer.concat([file, revision.bytes]);
  expect(revision.size).to.equal(whole.length);
  expect(judge('qpdf', ['--check'], whole)).to.include('No syntax or stream encoding errors');
  return whole;
}

/** What qpdf says of each field. */
function fieldsOf(file: Uint8Array): Record<string, { value: unknown; flags: number }> {
  const { acroform } = JSON.parse(judge('qpdf', ['--json', '--json-key=acroform'], file));
  return Object.fromEntries(
    acroform.fields.map((field: { fullname: string; value: unknown; fieldflags: number }) => [
      field.fullname,
      { value: field.value, flags: field.fieldflags },
    ]),
  );
}

async function boxOf(
  fields: readonly string[],
  options: Parameters<typeof formPdf>[1] = {},
): Promise<PdfBox> {
  const [box] = await boxesOf(bytesSource(formPdf(fields, options)));
  return box!;
}

/** Rectangle of a widget as formPdf() places it, in pixels from the top left. */
function inside(y: number, [width, height]: readonly [number, number]): [number, number, number, number] {
  return [102, 842 - y - height + 2, 98 + width, 842 - y - 2];
}

describe('boxes of a form', () => {
  it('are texts, check boxes, radio groups and lists, with what a person needs to know of them', async () => {
    const file = formPdf(
      [
        widget(700, `/FT /Tx /T (a) /TU ${unicode('住所\n（本店）')} /Ff 4098 /MaxLen 40 /V (x)`),
        widget(660, `/FT /Btn /T (b) ${states('On#201')} /V /On#201`, [14, 14]),
        '/FT /Btn /Ff 49152 /T (c) /V /2 /Kids [30 0 R 31 0 R]',
        widget(600, `/FT /Ch /Ff 131072 /T (d) /Opt [[(1) ${unicode('課税')}] (2)] /V (1)`),
        widget(560, '/FT /Ch /Ff 393216 /T (e) /Opt [(1) (2)]'),
      ],
      {
        annotations: [30, 31],
        others: {
          30: `/Parent 12 0 R ${widget(630, states('1'), [14, 14])}`,
          31: `/Parent 12 0 R ${widget(610, states('2'), [14, 14])}`,
        },
      },
    );
    const boxes = await boxesOf(bytesSource(file));
    const byName = Object.fromEntries(boxes.map((box) => [box.name, box]));
    expect(byName.a).to.deep.equal({
      name: 'a',
      kind: 'text',
      label: '住所 （本店）',
      required: true,
      multiline: true,
      maxLength: 40,
      options: [],
      value: 'x',
      page: 1,
      rect: [100, 700, 300, 724],
    });
    expect(byName.b).to.include({ kind: 'check', value: 'On 1', label: 'b', required: false });
    expect(byName.c).to.include({ kind: 'choice', value: '2' });
    expect(byName.c!.options.map(({ value }) => value)).to.deep.equal(['1', '2']);
    expect(byName.d).to.include({ kind: 'choice', value: '1' });
    expect(byName.d!.options[0]).to.deep.equal({ value: '1', label: '課税' });
    expect(byName.e).to.include({ kind: 'text' });
    expect(boxes.map(({ name }) => name)).to.deep.equal(['a', 'b', 'd', 'e', 'c']);
  });

  it('inherit what stands above them, and are named in full', async () => {
    const box = await boxOf(['/FT /Tx /Ff 2 /T (company) /Kids [30 0 R]'], {
      annotations: [30],
      others: { 30: `/Parent 10 0 R /T (name) ${widget(700, '')}` },
    });
    expect(box).to.include({ name: 'company.name', label: 'name', required: true, kind: 'text' });
  });

  it('are no fields that nobody can or should fill in', async () => {
    const none = {
      'read-only': widget(700, '/FT /Tx /T (a) /Ff 1'),
      password: widget(700, '/FT /Tx /T (a) /Ff 8192'),
      file: widget(700, '/FT /Tx /T (a) /Ff 1048576'),
      'push button': widget(700, '/FT /Btn /T (a) /Ff 65536'),
      hidden: widget(700, '/FT /Tx /T (a)').replace('/F 4', '/F 2'),
      'list without a choice': widget(700, '/FT /Ch /T (a) /Ff 2'),
      'without area': widget(700, '/FT /Tx /T (a)', [0, 0]),
      signature: widget(700, '/FT /Sig /T (a)'),
    };
    for (const [name, field] of Object.entries(none)) expect(await boxOf([field]), name).to.equal(undefined);
    const elsewhere = formPdf(['/FT /Tx /T (a) /Kids [30 0 R]'], { others: { 30: widget(700, '') } });
    expect(await boxesOf(bytesSource(elsewhere))).to.deep.equal([]);
    const signed = formPdf([
      widget(700, '/FT /Tx /T (a)'),
      widget(600, '/FT /Sig /T (s) /V <</Type /Sig /Filter /X /Contents <00>>>', [0, 0]),
    ]);
    expect(await boxesOf(bytesSource(signed))).to.deep.equal([]);
  });

  it('are filled, drawn in their place, readable, and locked', async () => {
    const file = formPdf(
      [
        widget(
          700,
          '/FT /Tx /T (one) /MK <</BC [0 0 1] /BG [1 1 0.9]>> /RV (old) /AA <</C <</S /JavaScript /JS (x)>>>>',
        ),
        widget(620, '/FT /Tx /T (many) /Ff 4096 /DA (/Helv 9 Tf 1 0 0 rg)', [200, 60]),
        widget(580, '/FT /Tx /T (cells) /Ff 16777216 /MaxLen 7 /MK <</BC [0]>>'),
        widget(540, '/FT /Tx /T (right) /Q 2'),
        widget(500, '/FT /Tx /T (untouched) /V (stays)'),
        widget(460, '/FT /Tx /T (fixed) /Ff 1 /V (printed)'),
      ],
      { form: '/NeedAppearances true' },
    );
    const whole = await filled(file, {
      one: '見本県見本市 髙﨑𠮷',
      many: '工期については、発注者と受注者が別途協議して定めるものとする。\n二行目',
      cells: '0312345',
      right: '1,100,000円',
    });
    const text = textOf(whole, ['-layout']);
    for (const words of [
      '見本県見本市 髙﨑𠮷',
      '二行目',
      '0 3 1 2 3 4 5',
      '1,100,000円',
      'stays',
      'printed',
    ]) {
      expect(text.replace(/ +/g, ' ')).to.include(words);
    }
    const fields = fieldsOf(whole);
    expect(fields.one!.value).to.equal('u:見本県見本市 髙﨑𠮷');
    expect(fields.untouched!.value).to.equal('u:stays');
    expect(Object.values(fields).every(({ flags }) => (flags & 1) === 1)).to.equal(true);
    expect(whole.toString('latin1').slice(file.length)).not.to.match(/NeedAppearances|\/RV/);
    const picture = renderFirstPage(whole);
    // At the right end of the right-aligned box, and not at its left.
    expect(picture.hasInk(...inside(540, [200, 24]))).to.equal(true);
    expect(picture.hasInk(102, 842 - 562, 200, 842 - 542)).to.equal(false);
    expect(await boxesOf(bytesSource(whole))).to.deep.equal([]);
  });

  it('are switched by whatever their states are called', async () => {
    const shiftJis = '#82#cd#82#a2';
    const fields = [
      widget(700, `/FT /Btn /T (odd) ${states(shiftJis)} /AS /Off`, [14, 14]),
      widget(660, '/FT /Btn /T (bare) /MK <</BC [0]>>', [14, 14]),
      widget(620, `/FT /Btn /T (off) ${states('Yes')} /V /Yes /AS /Yes`, [14, 14]),
      `/FT /Btn /Ff 49152 /T (radio) /Opt [${unicode('法人')} ${unicode('個人')}] /Kids [30 0 R 31 0 R]`,
    ];
    const file = formPdf(fields, {
      annotations: [30, 31],
      others: {
        30: `/Parent 13 0 R ${widget(580, states('0'), [14, 14])}`,
        31: `/Parent 13 0 R ${widget(540, states('1'), [14, 14])}`,
      },
    });
    const boxes = await boxesOf(bytesSource(file));
    expect(boxes.map(({ options }) => options.map(({ label }) => label))).to.deep.equal([
      ['はい'],
      ['Yes'],
      ['Yes'],
      ['法人', '個人'],
    ]);
    const plain = formPdf(['/FT /Btn /Ff 49152 /T (radio) /Kids [30 0 R 31 0 R]'], {
      annotations: [30, 31],
      others: {
        30: `/Parent 10 0 R ${widget(580, '/MK <<>>', [14, 14])}`,
        31: `/Parent 10 0 R ${widget(540, '/MK <<>>', [14, 14])}`,
      },
    });
    const second = renderFirstPage(await filled(plain, { radio: '1' }));
    expect([580, 540].map((y) => second.hasInk(...inside(y, [14, 14])))).to.deep.equal([false, true]);
    const whole = await filled(file, { odd: 'はい', bare: 'Yes', off: '', radio: '1' });
    const picture = renderFirstPage(whole);
    const ink = [700, 660, 620, 580, 540].map((y) => picture.hasInk(...inside(y, [14, 14])));
    expect(ink).to.deep.equal([true, true, false, false, true]);
  });

  it('show of a list what was chosen', async () => {
    const file = formPdf([
      widget(
        700,
        `/FT /Ch /Ff 131072 /T (combo) /Opt [[(1) ${unicode('課税')}] [(2) ${unicode('免税')}]] /V (1) /I [0]`,
      ),
      widget(600, '/FT /Ch /T (list) /Opt [(A) (B)]', [60, 60]),
    ]);
    const whole = await filled(file, { combo: '2', list: 'B' });
    expect(textOf(whole)).to.match(/免税[\s\S]*B/);
    expect(fieldsOf(whole).combo!.value).to.equal('u:2');
  });

  it('turn with their widget, and keep to their place on a turned page', async () => {
    for (const [turn, size] of [
      [90, [24, 200]],
      [180, [200, 24]],
      [270, [24, 200]],
    ] as const) {
      const file = formPdf([widget(500, `/FT /Tx /T (a) /MK <</R ${turn}>>`, size)]);
      const picture = renderFirstPage(await filled(file, { a: '回転した記入欄' }));
      expect(picture.hasInk(...inside(500, size)), String(turn)).to.equal(true);
      expect(picture.hasInk(...inside(300, [200, 180])), String(turn)).to.equal(false);
    }
    const turned = formPdf([widget(500, '/FT /Tx /T (a)')], { page: '/Rotate 90' });
    expect(renderFirstPage(await filled(turned, { a: '記入' })).width).to.equal(842);
  });

  it('shrink their text to what it needs, and say when it has no room or no glyph', async () => {
    const file = formPdf([
      widget(700, '/FT /Tx /T (a) /DA (/Helv 20 Tf 0 g)', [100, 24]),
      widget(600, '/FT /Tx /T (b) /Ff 4096', [100, 30]),
      widget(500, '/FT /Tx /T (c) /Ff 1 /V (x)'),
    ]);
    const faults = (values: Values) =>
      fillingFaults(bytesSource(file), { values: listed(values), fonts: FONTS });
    expect(await faults({ a: '見本市一丁目1番1号', b: '短い文' })).to.deep.equal([]);
    expect(await faults({ a: '見本'.repeat(20), b: '長い文。'.repeat(60) })).to.deep.equal([
      { name: 'a', code: 'no-room', detail: null },
      { name: 'b', code: 'no-room', detail: null },
    ]);
    expect(await faults({ a: '見🦭本', c: '書けない', d: '' })).to.deep.equal([
      { name: 'c', code: 'unknown', detail: null },
      { name: 'd', code: 'unknown', detail: null },
      { name: 'a', code: 'bad-character', detail: '🦭' },
    ]);
    const error = await rejection(fill(bytesSource(file), { values: listed({ a: '🦭' }), fonts: FONTS }));
    expect(error).to.include({ transient: false });
  });

  it('are found and filled in forms within the catalog, in object streams, and after the ID is printed', async () => {
    const direct = formPdf([widget(700, '/FT /Tx /T (a) /Ff 2')], { direct: true });
    expect(textOf(await filled(direct, { a: '直接の欄' }))).to.include('直接の欄');
    const packed = withFiles({ 'in.pdf': direct }, (folder) => {
      execFileSync('qpdf', ['--object-streams=generate', join(folder, 'in.pdf'), join(folder, 'out.pdf')]);
      return readFileSync(join(folder, 'out.pdf'));
    });
    expect(packed.includes('/ObjStm')).to.equal(true);
    expect(textOf(await filled(packed, { a: '詰めた欄' }))).to.include('詰めた欄');
    const prepared = await prepare(bytesSource(packed), {
      stamp: '契約ID 2026-0001',
      fields: ['keiyakubin-1'],
      fonts: FONTS,
    });
    const stamped = Buffer.concat([packed, prepared.bytes]);
    const text = textOf(await filled(stamped, { a: '押印後の欄' }));
    expect(text).to.include('押印後の欄').and.include('契約ID 2026-0001');
  });

  for (const name of ['libreoffice-form', 'pdf-lib-form', 'form-field-tree']) {
    it(`are filled as ${name} brings them`, async () => {
      const file = pdfFixture(name);
      const boxes = await boxesOf(bytesSource(file));
      expect(boxes.map(({ kind }) => kind))
        .to.include('text')
        .and.have.length(2);
      const values = boxes.map(({ name: box, kind, options }) => [
        box,
        kind === 'text' ? '髙橋太郎' : options.at(-1)!.value,
      ]);
      const whole = await filled(file, Object.fromEntries(values));
      expect(textOf(whole)).to.include('髙橋太郎');
      expect(Object.values(fieldsOf(whole)).every(({ value }) => value !== '/Off')).to.equal(true);
    });
  }

  it('of one name are one box, and of two kinds a broken form', async () => {
    const twice = formPdf([widget(700, '/FT /Tx /T (a)'), widget(600, '/FT /Tx /T (a)')]);
    expect(await boxesOf(bytesSource(twice))).to.have.length(1);
    expect(textOf(await filled(twice, { a: '二か所' })).match(/二か所/g)).to.have.length(2);
    const mixed = formPdf([widget(700, '/FT /Tx /T (a)'), widget(600, `/FT /Btn /T (a) ${states('Yes')}`)]);
    expect(await inspect(bytesSource(mixed))).to.include({ ok: false, code: 'unreadable' });
  });
});
