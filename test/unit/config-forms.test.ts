// The e-application forms in the configuration: ready-made mappings, what differs from them, and mistakes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { isConfigProblems, loadConfig, type Municipality } from '../../gateway/config.ts';
import { COLUMNS, type Form, PRESET_NAMES, resolveForm } from '../../gateway/registration/index.ts';

describe('forms in the configuration', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'keiyakubin-forms-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function load(forms: string, env: Record<string, string> = {}): Municipality | readonly string[] {
    const variables = { KEIYAKUBIN_MUNICIPALITIES__0__FORMS: forms, ...env };
    const outcome = loadConfig({ env: variables });
    return isConfigProblems(outcome) ? outcome.problems : outcome.municipalities[0]!;
  }
  function forms(text: string, env: Record<string, string> = {}): Form[] {
    const municipality = load(text, env);
    if (!('forms' in municipality)) throw new Error(municipality.join('\n'));
    return municipality.forms.map((settings) => resolveForm(settings, municipality.signatoryModel));
  }

  it('has one as docs/touroku-csv.md describes it where none is named', () => {
    const outcome = loadConfig({ env: {} });
    if (isConfigProblems(outcome)) throw new Error(outcome.problems.join('\n'));
    const [municipality] = outcome.municipalities;
    expect(municipality!.forms.map(({ name, preset }) => [name, preset])).to.deep.equal([['標準', '標準']]);
  });

  it('takes a ready-made mapping and what differs from it', () => {
    const [form] = forms(
      '[{ name: 工事, preset: e-tumo, model: standing, section: 総務課, fields: { phone: [TEL], title: [] }, ' +
        'optional: [phone], statuses: { accepted: [交付済] }, keep: [許可番号], encoding: cp932, delimiter: tab }]',
    );
    expect(form).to.deep.include({
      model: 'standing',
      section: '総務課',
      keep: ['許可番号'],
      encoding: 'cp932',
      delimiter: 'tab',
      optional: ['phone'],
    });
    expect(form!.fields.phone).to.deep.equal(['TEL']);
    expect(form!.fields.title).to.deep.equal([]);
    expect(form!.fields.company).to.include('商号又は名称');
    expect(form!.statuses.accepted).to.deep.equal(['交付済']);
    expect(form!.statuses.withdrawn).to.include('取下げ');
  });

  it('takes a header away from the ready-made mapping’s column when the settings give it to another', () => {
    const [form] = forms('[{ name: 工事, preset: LoGo, fields: { procedure: [受付番号] }, keep: [住所] }]');
    expect(form!.fields.procedure).to.deep.equal(['受付番号']);
    expect(form!.fields.receiptNumber).to.deep.equal(['回答ID', '受付ID']);
    expect(form!.fields.place).to.not.include('住所');
  });

  it('takes a form’s secret from the environment or from its file, never from the YAML file', () => {
    const secret = 's'.repeat(32);
    const variable = 'KEIYAKUBIN_MUNICIPALITIES__0__FORMS__0__SECRET';
    const municipality = load('[{ name: 工事 }]', { [variable]: secret });
    expect(municipality).to.have.nested.property('forms[0].secret', secret);

    const secretFile = join(folder, 'secret');
    writeFileSync(secretFile, `${secret}\n`);
    expect(load(`[{ name: 工事, secretFile: ${secretFile} }]`)).to.have.nested.property(
      'forms[0].secret',
      secret,
    );

    const file = join(folder, 'config.yaml');
    const lines = ['municipalities:', '  - id: mihon', `    forms: [{ name: 工事, secret: ${secret} }]`];
    writeFileSync(file, lines.join('\n'));
    const outcome = loadConfig({ file, env: {} });
    if (!isConfigProblems(outcome)) throw new Error('the secret was taken');
    expect(outcome.problems.filter((problem) => problem.includes('must not stand'))).to.deep.equal([
      'municipalities[0].forms[0].secret: must not stand in the configuration file: use secretFile or the environment',
    ]);
  });

  it('takes the example of docs/touroku-csv.md, which names every column as settings do', () => {
    const manual = readFileSync(new URL('../../docs/touroku-csv.md', import.meta.url), 'utf8');
    const { forms: example } = parse(/```yaml\n([^`]+)```/.exec(manual)![1]!);
    const [form] = forms(JSON.stringify(example));
    expect(form).to.deep.include({ name: '工事', keep: ['許可番号'] });
    expect(form!.fields).to.deep.include({ phone: ['ご連絡先電話番号'], title: [] });
    for (const [column, name] of Object.entries(COLUMNS)) {
      expect(manual).to.include(`| ${name} | \`${column}\` |`);
    }
    for (const preset of PRESET_NAMES) expect(manual).to.include(`| \`${preset}\` |`);
  });

  it('names what is wrong with a form', () => {
    const place = 'municipalities[0].forms';
    const problems = (text: string): readonly string[] => {
      const outcome = load(text);
      return 'forms' in outcome ? [] : outcome;
    };
    expect(problems('[]').join()).to.include(`${place}`).and.include('at least one form');
    expect(problems('[{ name: "a/b" }]').join()).to.include(`${place}[0].name: must be 1 to 40 characters`);
    expect(problems('[{ name: 工事, preset: ETUMO }]').join()).to.include(`${place}[0].preset`);
    expect(problems('[{ name: 工事, fields: { telephone: [TEL] } }]').join()).to.include('telephone');
    expect(problems('[{ name: 工事, secret: short }]').join()).to.include('must be 32 characters or more');
    expect(problems('[{ name: A1 }, { name: Ａ１ }]')).to.deep.equal([
      `${place}[1].name: 'a1' is given twice`,
    ]);
    expect(problems('[{ name: 工事, fields: { phone: [TEL], remarks: [ＴＥＬ] } }]')).to.deep.equal([
      `${place}[0].fields.remarks[0]: 'tel' is given twice`,
    ]);
    expect(problems('[{ name: 工事, fields: { signatoryAddress: [] } }]')).to.deep.equal([
      `${place}[0].fields.signatoryAddress: must name a header: without it nobody can be registered`,
    ]);
  });
});
