/** Replies as commands: what staff write on line 1, what they then read, and what it does to the contract. */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink, type Writer } from '../../demo/people.ts';
import { head } from '../../gateway/contract/documents.ts';
import {
  approvalAsked,
  completion,
  contractCalled,
  drafted,
  mailsTo,
  replyWithFiles,
  requested,
} from '../support/acts.ts';
import { buildPdf, onePage } from '../support/pdf-build.ts';
import {
  createWorld,
  GATEWAY_ADDRESS,
  SATO,
  SUZUKI,
  samplePdf,
  type World,
  YAMADA,
} from '../support/world.ts';

const OTHER_PDF = buildPdf(onePage()).bytes;

/** The world of a describe, started with these settings. */
function livingWorld(env: Readonly<Record<string, string>> = {}): () => World {
  let world: World;
  before(async () => {
    world = await createWorld({ env });
    await world.start();
  });
  after(() => world.close());
  return () => world;
}

async function refusalText(world: World, who: Writer, title: string): Promise<string> {
  const { text } = await world.next(who, new RegExp(`^【お受けできません】.*${title}$`));
  expect(text).to.include('契約の状態は変わっていません');
  return text;
}

function shownDigests({ text }: ReceivedMail): string[] {
  return text.match(/^[0-9a-f]{64}$/gm) ?? [];
}

async function headDigests(world: World, title: string): Promise<string[]> {
  const { documents } = await contractCalled(world, title);
  return documents.map((document) => head(document).sha256);
}

describe('a reply to the receipt', () => {
  const world = livingWorld();

  it('must say 確認済 where the receipt warns', async () => {
    const title = '日付の古い工事';
    const receipt = await drafted(world(), title, { lines: ['契約締結予定日：令和2年1月6日'] });
    expect(receipt.text).to.include('過ぎた日付').and.to.include('「依頼 確認済」');
    await world().reply(SATO, receipt, '依頼');
    expect(await refusalText(world(), SATO, title)).to.include('「依頼 確認済」と書いて返信してください');
    expect(await contractCalled(world(), title)).to.include({ state: 'draft' });
    await world().reply(SATO, receipt, '依頼　確認済');
    await world().next(YAMADA, new RegExp(`${title}への署名依頼`));
  });

  it('corrects by the one line that changes, and the old receipt then releases nothing', async () => {
    const title = '金額を直す工事';
    const old = await drafted(world(), title);
    await world().reply(SATO, old, '契約金額：2,200,000円（税込）');
    const receipt = await world().next(SATO, new RegExp(`受付.* ${title}$`));
    expect(receipt.text).to.include('2,200,000円').and.to.include('総管第45号');
    await world().reply(SATO, old, '依頼');
    expect(await refusalText(world(), SATO, title)).to.include(
      '返信されたメールのあとに、新しいメールをお送りしています',
    );
    expect(await contractCalled(world(), title)).to.include({ state: 'draft' });
    expect(receipt.text).to.include(
      'メールの契約金額（2,200,000円）と、文書「契約書」の金額（1,100,000円）が違います',
    );
    await world().reply(SATO, receipt, '依頼 確認済');
    await world().next(YAMADA, new RegExp(`${title}への署名依頼`));
    expect((await contractCalled(world(), title)).terms.amountYen).to.equal(2_200_000);
  });

  it('moves the deadline along with the planned date it came from', async () => {
    const title = '日取りを直す工事';
    const old = await drafted(world(), title, { lines: ['契約締結予定日：令和40年4月1日'] });
    expect((await contractCalled(world(), title)).deadline).to.equal('2058-04-01');
    await world().reply(SATO, old, '契約締結予定日：令和40年5月1日');
    await world().next(SATO, new RegExp(`受付.* ${title}$`));
    expect((await contractCalled(world(), title)).deadline).to.equal('2058-05-01');
  });

  it('hears of what cannot be read in a correction, and nothing changes', async () => {
    const title = '直しそこねた工事';
    const receipt = await drafted(world(), title);
    await world().reply(SATO, receipt, '契約金額：いくらか');
    expect(await refusalText(world(), SATO, title)).to.include(
      '「契約金額」の金額「いくらか」を読み取れません',
    );
    expect((await contractCalled(world(), title)).draftGeneration).to.equal(1);
  });

  it('adds a PDF with 追加, and one of the same name takes the old one’s place', async () => {
    const title = '文書を足す工事';
    const old = await drafted(world(), title);
    await replyWithFiles(world(), SATO, old, '追加', [{ filename: '設計書.pdf', content: OTHER_PDF }]);
    const grown = await world().next(SATO, new RegExp(`受付.* ${title}$`));
    expect(grown.text).to.match(/1 契約書（.*2 設計書（1枚/s);
    expect(grown.text).to.include('文書2「設計書」を追加しました。');
    await replyWithFiles(world(), SATO, grown, '', [{ filename: '契約書.pdf', content: OTHER_PDF }]);
    const replaced = await world().next(SATO, new RegExp(`受付.* ${title}$`));
    expect(replaced.text).to.include('文書1「契約書」を同じファイル名の新しいPDFに差し替えました。');
    expect(replaced.text).to.not.include('追加しました');
    const { documents } = await contractCalled(world(), title);
    expect(documents.map(({ name, pages }) => `${name} ${pages}`)).to.deep.equal(['契約書 1', '設計書 1']);
  });

  it('tells of a PDF in 追加 that cannot be taken', async () => {
    const title = '文書を足しそこねた工事';
    const receipt = await drafted(world(), title);
    await replyWithFiles(world(), SATO, receipt, '追加', [
      { filename: '設計書.pdf', content: Buffer.from('%PDF-1.7 broken') },
    ]);
    expect(await refusalText(world(), SATO, title)).to.include('「設計書.pdf」は途中で切れています');
  });

  it('that is empty is answered, not obeyed; 送信 is', async () => {
    const title = '空の返信の工事';
    const receipt = await drafted(world(), title);
    await world().reply(SATO, receipt, '');
    expect(await refusalText(world(), SATO, title)).to.include('返信に何も書かれていません');
    await world().reply(SATO, receipt, '送信');
    await world().next(YAMADA, new RegExp(`${title}への署名依頼`));
  });

  it('with a word that is not theirs, or not whole, hears why', async () => {
    const title = '言葉を違える工事';
    const { approval } = await approvalAsked(world(), title);
    const [receipt] = mailsTo(world(), SATO, new RegExp(`まだ送っていません.*${title}`));
    for (const [who, to, line, why] of [
      [SATO, receipt!, '差戻し 直します', '承認をお願いした方だけが使える言葉です'],
      [SATO, receipt!, '追加', 'すでに「依頼」をいただき'],
      [SATO, receipt!, '登録 株式会社サンプル', '契約のメールへの返信では使えません'],
      [SUZUKI, approval, '中止', '契約書を送った担当職員だけが使える言葉です'],
      [SUZUKI, approval, '追加', '契約書を送った担当職員だけが使える言葉です'],
    ] as const) {
      await world().reply(who, to, line);
      expect(await refusalText(world(), who, title), line).to.include(why);
    }
  });

  it('依頼 that brings a file or a line releases nothing: what is meant nobody can tell', async () => {
    const title = '思い違いの工事';
    const receipt = await drafted(world(), title);
    await world().reply(SATO, receipt, '依頼\n契約金額：2,200,000円（税込）');
    expect(await refusalText(world(), SATO, title)).to.include('「依頼」の下に、契約の項目が書かれています');
    await replyWithFiles(world(), SATO, receipt, '依頼', [{ filename: '契約書.pdf', content: OTHER_PDF }]);
    expect(await refusalText(world(), SATO, title)).to.include(
      '「依頼」の返信に「契約書.pdf」が添付されています',
    );
    expect(await contractCalled(world(), title)).to.include({ state: 'draft' });
    await world().reply(SATO, receipt, '依頼\nよろしくお願いします。\n総務課 佐藤（内線：123）');
    await world().next(YAMADA, new RegExp(`${title}への署名依頼`));
  });

  it('tells of a file beside a correction that is no PDF', async () => {
    const title = 'ワードで直す工事';
    const receipt = await drafted(world(), title);
    const word = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.from('WordDocument', 'utf16le'),
    ]);
    const files = [{ filename: '契約書.doc', content: word }];
    for (const line of ['契約金額：2,200,000円（税込）', '追加', '']) {
      await replyWithFiles(world(), SATO, receipt, line, files);
      expect(await refusalText(world(), SATO, title), line).to.include('「契約書.doc」はワード');
    }
    expect((await contractCalled(world(), title)).draftGeneration).to.equal(1);
  });

  it('取消 is asked back', async () => {
    const title = '取り消す工事';
    const receipt = await drafted(world(), title);
    await world().reply(SATO, receipt, '取消');
    expect(await refusalText(world(), SATO, title)).to.include('何を取り消すのか分かりませんでした');
    expect(await contractCalled(world(), title)).to.include({ state: 'draft' });
  });

  it('状況 and 控え are answered with where it stands and the documents', async () => {
    const title = '様子を聞く工事';
    const receipt = await drafted(world(), title);
    await world().reply(SATO, receipt, '状況');
    const status = await world().next(SATO, new RegExp(`^【状況】.*${title}$`));
    expect(status.text).to.include('まだ送っていません').and.to.include('山田太郎');
    await world().reply(SATO, status, '控え');
    const copies = await world().next(SATO, new RegExp(`^【控え】.*${title}$`));
    expect(copies.attachments.map(({ fileName }) => fileName)).to.deep.equal(['契約書.pdf']);
    expect(copies.attachments[0]!.content.equals(await samplePdf())).to.equal(true);
  });
});

describe('a reply while the other party is asked', () => {
  const world = livingWorld();

  it('再送 sends a new link and the old one is void', async () => {
    const title = '再送する工事';
    const receipt = await drafted(world(), title);
    await world().reply(SATO, receipt, '依頼');
    const first = await world().next(YAMADA, new RegExp(`${title}への署名依頼`));
    await world().reply(SATO, receipt, '再送');
    const second = await world().next(YAMADA, new RegExp(`${title}への署名依頼`));
    expect((await world().next(SATO, new RegExp(`^【再送しました】.*${title}`))).text).to.include('山田太郎');
    const old = await fetch(linkIn(first));
    expect(old.status).to.equal(410);
    expect(await old.text()).to.include('このURLは新しいものに替わりました');
    expect((await fetch(`${linkIn(first)}/consent`, { method: 'POST' })).status).to.equal(409);
    expect((await consentByLink(second)).html).to.include('同意を記録しました');
  });

  it('中止 tells whoever was asked, and the link is dead', async () => {
    const title = '中止する工事';
    const receipt = await drafted(world(), title);
    await world().reply(SATO, receipt, '依頼');
    const request = await world().next(YAMADA, new RegExp(`${title}への署名依頼`));
    await world().reply(SATO, receipt, '中止 予算の都合です');
    expect((await world().next(SATO, new RegExp(`^【中止しました】.*${title}`))).text).to.include('山田太郎');
    const told = await world().next(YAMADA, new RegExp(`^【署名依頼取消のお知らせ】${title}$`));
    expect(told.text).to.include('予算の都合です');
    const page = await fetch(linkIn(request));
    expect(page.status).to.equal(410);
    expect(await page.text()).to.include('依頼は取り消されました');
  });
});

describe('中止 within the delay after 依頼', () => {
  const world = livingWorld({ KEIYAKUBIN_CONTRACT__GO_AHEAD_DELAY_SECONDS: '3600' });

  it('stops everything before anything has left', async () => {
    const title = '思い直す工事';
    const receipt = await drafted(world(), title);
    await world().reply(SATO, receipt, '依頼');
    const accepted = await world().next(SATO, new RegExp(`に送ります】.*${title}$`));
    await world().reply(SATO, accepted, '中止');
    const answer = await world().next(SATO, new RegExp(`^【中止しました】.*${title}$`));
    expect(answer.text).to.include('まだどなたにも送っていなかった');
    const { state, documents } = await contractCalled(world(), title);
    expect(state).to.equal('withdrawn');
    expect(documents[0]!.revisions).to.deep.equal([]);
    expect(mailsTo(world(), YAMADA, /./)).to.deep.equal([]);
  });
});

describe('a reply to the approval request', () => {
  const world = livingWorld();

  it('差戻し tells the initiator why, and the vendor only that nothing is wanted of it', async () => {
    const title = '差し戻す工事';
    const { request, approval } = await approvalAsked(world(), title);
    await world().reply(SUZUKI, approval, '差戻し 金額が決裁と違います');
    const told = await world().next(SATO, new RegExp(`^【差し戻されました】.*${title}$`));
    expect(told.text).to.include('金額が決裁と違います').and.to.include('契約金額：1,100,000円（税込）');
    const answer = await world().next(SUZUKI, new RegExp(`^【差戻しを受け付けました】.*${title}$`));
    expect(answer.text).to.include('佐藤花子様へ、書かれた理由を添えて');
    const cancelled = await world().next(YAMADA, new RegExp(`^【署名依頼取消のお知らせ】${title}$`));
    expect(cancelled.text).not.to.include('決裁と違います');
    expect((await fetch(linkIn(request))).status).to.equal(410);
    await world().reply(SUZUKI, approval, '承認');
    expect(await refusalText(world(), SUZUKI, title)).to.include('同意が得られず終わりました');
  });

  it('承認 under the mail from before the vendor changed its mind counts for nothing', async () => {
    const title = '取り下げて出し直す工事';
    const { request, approval: old } = await approvalAsked(world(), title);
    const page = await fetch(`${linkIn(request)}/takeback`, { method: 'POST' });
    expect(await page.text()).to.include('同意を取り消しました');
    await world().next(SUZUKI, new RegExp(title));
    expect((await consentByLink(request)).status).to.equal(200);
    const fresh = await world().next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    await world().reply(SUZUKI, old, '承認');
    expect(await refusalText(world(), SUZUKI, title)).to.include('いちばん新しいメール');
    await world().logged(/"status":"refused".*link-voided/);
    expect(await contractCalled(world(), title)).to.include({ state: 'awaiting' });
    await world().reply(SUZUKI, fresh, '承認');
    await completion(world(), YAMADA, title);
  });

  it('承認 by somebody else is refused, and what they get opens nothing', async () => {
    const title = '他人が承認する工事';
    const { approval } = await approvalAsked(world(), title);
    await world().reply(SATO, approval, '承認');
    const refusal = await world().next(SATO, new RegExp(`^【お受けできません】.*${title}$`));
    expect(refusal.text).to.include('佐藤花子様').and.to.include('ほかの方に宛てた');
    expect(refusal.text, 'no words that are not theirs').not.to.include('「承認');
    await world().reply(SATO, refusal, '承認');
    expect(await refusalText(world(), SATO, title)).to.include(
      '「承認」は、承認をお願いした方だけが使える言葉です',
    );
    expect(await contractCalled(world(), title)).to.include({ state: 'awaiting' });
  });

  it('承認 by a colleague who has no part in the contract is refused without its words', async () => {
    const title = '同僚が承認する工事';
    const { approval } = await approvalAsked(world(), title);
    const colleague = { name: '伊藤', address: 'ito@mihon.example.jp' };
    await world().reply(colleague, approval, '承認');
    const refusal = await world().next(colleague, /^【受け付けていません】/);
    expect(refusal.text).to.include('ほかの方に宛てた');
    expect(refusal.replyTo).to.equal(GATEWAY_ADDRESS);
    expect(await contractCalled(world(), title)).to.include({ state: 'awaiting' });
  });

  it('承認 in a new mail is asked to be confirmed, and then works', async () => {
    const title = '新しいメールで承認する工事';
    await approvalAsked(world(), title);
    const { number } = await contractCalled(world(), title);
    await world().mail({ from: SUZUKI, subject: `受付${number}の件`, text: '承認' });
    const asked = await world().next(SUZUKI, new RegExp(`^【確認のお願い】${title}$`));
    expect(asked.text).to.include('まだ実行していません').and.to.include('「承認」と書いて返信');
    expect(shownDigests(asked)).to.deep.equal(await headDigests(world(), title));
    expect(await contractCalled(world(), title)).to.include({ state: 'awaiting' });
    await world().reply(SUZUKI, asked, '承認');
    await completion(world(), SUZUKI, title);
  });

  it('every answer that an approver can reply 承認 to shows what that would be about', async () => {
    const title = '中身を確かめる工事';
    const { approval } = await approvalAsked(world(), title);
    const heads = await headDigests(world(), title);
    expect(shownDigests(approval)).to.deep.equal(heads);
    for (const [line, subject] of [
      ['状況', '状況'],
      ['控え', '控え'],
      ['承認します', 'お受けできません'],
    ] as const) {
      await world().reply(SUZUKI, approval, line);
      const answer = await world().next(SUZUKI, new RegExp(`^【${subject}】.*${title}$`));
      expect(shownDigests(answer), line).to.deep.equal(heads);
      expect(answer.text).to.include('次の文書に同意したことになります');
    }
    const [receipt] = mailsTo(world(), SATO, new RegExp(`まだ送っていません.*${title}`));
    await world().reply(SATO, receipt!, '状況');
    expect(shownDigests(await world().next(SATO, new RegExp(`^【状況】.*${title}$`)))).to.deep.equal([]);
  });

  it('延長 in a new mail is asked to be confirmed with its date, and then works', async () => {
    const title = '新しいメールで延ばす工事';
    await approvalAsked(world(), title);
    const { number } = await contractCalled(world(), title);
    await world().mail({ subject: `受付${number}の件`, text: '延長 令和40年1月10日' });
    const asked = await world().next(SATO, new RegExp(`^【確認のお願い】${title}$`));
    expect(asked.text).to.include('「延長 令和40年1月10日」と書いて返信');
    await world().reply(SATO, asked, '延長 令和40年1月10日');
    await world().next(SATO, new RegExp(`^【期限を延長しました】.*${title}$`));
    expect((await contractCalled(world(), title)).deadline).to.equal('2058-01-10');
  });

  it('承認 in a new mail that names no contract is answered', async () => {
    await world().mail({ from: SUZUKI, subject: '例の件', text: '承認' });
    const answer = await world().next(SUZUKI, /^【受け付けていません】例の件$/);
    expect(answer.text).to.include('どの契約のことか分かりませんでした');
  });

  it('anything but 承認 itself is no approval', async () => {
    const title = '承認しない工事';
    const { approval } = await approvalAsked(world(), title);
    for (const line of ['承認しません', '承認 しません', '承認は見送ります', 'まだ承認できません']) {
      await world().reply(SUZUKI, approval, line);
      const answer = await refusalText(world(), SUZUKI, title);
      expect(answer).to.include(`「${line}」は、決まった言葉ではありません`).and.to.include('「承認」');
    }
    for (const line of ['承認いたします。', '「承認」', '承認（代決）', '同意します']) {
      await world().reply(SUZUKI, approval, line);
      const said = line.replace('「', '『').replace('」', '』').normalize('NFKC');
      expect(await refusalText(world(), SUZUKI, title)).to.include(
        `1行目が「${said}」となっています。「承認」のことでしたら、その言葉だけを`,
      );
    }
    expect(await contractCalled(world(), title)).to.include({ state: 'awaiting' });
  });

  it('a word that only resembles one is named as it must be written, and nothing is done', async () => {
    const title = '言葉の似た工事';
    const receipt = await drafted(world(), title, { lines: ['契約締結予定日：令和2年1月6日'] });
    const answerTo = async (line: string) => {
      await world().reply(SATO, receipt, line);
      return refusalText(world(), SATO, title);
    };
    expect(await answerTo('はい、依頼します')).to.include('「依頼 確認済」のことでしたら');
    expect(await answerTo('キャンセルしてください')).to.include('「中止」のことでしたら');
    expect(await answerTo('再送お願いします'), 'not possible now').to.not.include('のことでしたら');
    const pdf = { filename: '契約書.pdf', content: await samplePdf() };
    await replyWithFiles(world(), SATO, receipt, '差し替えます。', [pdf]);
    expect(await refusalText(world(), SATO, title)).to.include(
      '添付の「契約書.pdf」は受け取っていません。足すときも差し替えるときも、1行目に「追加」とだけ書き',
    );
    const { state, documents } = await contractCalled(world(), title);
    expect({ state, documents: documents.length }).to.deep.equal({ state: 'draft', documents: 1 });
  });
});

describe('where the initiator may approve', () => {
  const world = livingWorld({ KEIYAKUBIN_CONTRACT__APPROVER_MUST_DIFFER: 'false' });

  it('承認 in a new mail is asked to be confirmed as the approver’s word', async () => {
    const title = '一人で進める工事';
    const receipt = await drafted(world(), title);
    await world().reply(SATO, receipt, '村側署名者：佐藤花子 <sato@mihon.example.jp>');
    await world().reply(SATO, await world().next(SATO, new RegExp(`受付.* ${title}$`)), '依頼');
    await consentByLink(await world().next(YAMADA, new RegExp(`${title}への署名依頼`)));
    await world().next(SATO, new RegExp(`承認のお願い】${title}（`));
    const { number } = await contractCalled(world(), title);
    await world().mail({ subject: `受付${number}の件`, text: '承認' });
    const asked = await world().next(SATO, new RegExp(`^【確認のお願い】${title}$`));
    await world().reply(SATO, asked, '承認');
    await completion(world(), YAMADA, title);
  });
});

describe('approval with four digits', () => {
  const world = livingWorld({ KEIYAKUBIN_CONTRACT__APPROVAL_CODE: 'true' });

  it('counts only with the digits of the request, whichever mail is replied to', async () => {
    const title = '数字で承認する工事';
    const { approval } = await approvalAsked(world(), title);
    const code = /「承認 (\d{4})」/.exec(approval.text)![1]!;
    const wrong = String((Number(code) + 1) % 10_000).padStart(4, '0');
    await world().reply(SUZUKI, approval, '承認');
    expect(await refusalText(world(), SUZUKI, title)).to.include('4桁の数字が違います');
    await world().reply(SUZUKI, approval, `承認 ${wrong}`);
    const refusal = await world().next(SUZUKI, new RegExp(`^【お受けできません】.*${title}$`));
    expect(await contractCalled(world(), title)).to.include({ state: 'awaiting' });
    // People type what the request said, under the mail that is on top.
    await world().reply(SUZUKI, refusal, `承認 ${code}`);
    await completion(world(), SUZUKI, title);
  });
});

describe('where addresses cannot carry secrets (subaddressing: none)', () => {
  const world = livingWorld({ KEIYAKUBIN_MUNICIPALITIES__0__SUBADDRESSING: 'none' });

  it('the whole job runs on Message-ID and References', async () => {
    const title = '加算なしの工事';
    const { request, approval } = await approvalAsked(world(), title);
    for (const mail of [request, approval]) {
      expect(mail.from).to.equal(GATEWAY_ADDRESS);
      expect(mail.replyTo).to.equal(GATEWAY_ADDRESS);
    }
    await world().reply(SUZUKI, approval, '承認');
    await completion(world(), YAMADA, title);
    expect(await contractCalled(world(), title)).to.include({ state: 'concluded' });
  });

  it('a question in reply is answered, and the answer can be replied to', async () => {
    const title = '加算なしで聞く工事';
    const request = await requested(world(), title);
    expect(request.replyTo).to.equal(GATEWAY_ADDRESS);
    const [receipt] = mailsTo(world(), SATO, new RegExp(`まだ送っていません.*${title}`));
    await world().reply(SATO, receipt!, '状況');
    const status = await world().next(SATO, new RegExp(`^【状況】.*${title}$`));
    await world().reply(SATO, status, '中止');
    await world().next(SATO, new RegExp(`^【中止しました】.*${title}$`));
  });
});
