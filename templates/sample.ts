/** The one made-up contract that every mail's and page's sample shows. */
import type { Desks, MailBase } from './mail-content.ts';
import type { DocumentFacts, FilledFact, Person } from './words.ts';

const sampleDesks: Desks = {
  contract: { section: '総務課管財係', phone: '00-0000-0001' },
  operation: {
    name: 'ヘルプデスク',
    phone: '00-0000-0000',
    hours: '平日10:00～18:00、土日及び祝日は除きます。',
  },
};

export const sampleBase: MailBase = { municipality: '見本市', desks: sampleDesks, testAuthority: false };

export const sampleInitiator: Person = {
  organisation: '総務課管財係',
  title: null,
  name: '佐藤',
  address: 'sato@mihon.example.jp',
};

export const sampleSignatory: Person = {
  organisation: '株式会社サンプル',
  title: '代表取締役',
  name: '山田太郎',
  address: 'yamada@sample.example.jp',
};

export const sampleChecker: Person = {
  organisation: '株式会社サンプル',
  title: '総務部',
  name: '高橋花子',
  address: 'takahashi@sample.example.jp',
};

export const sampleApprover: Person = {
  organisation: null,
  title: '総務課長',
  name: '鈴木一郎',
  address: 'suzuki@mihon.example.jp',
};

export const sampleDocuments: readonly [DocumentFacts, DocumentFacts] = [
  {
    title: '契約書',
    pages: 12,
    size: 317_440,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
  {
    title: '金抜き設計書',
    pages: 30,
    size: 2_411_725,
    sha256: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
  },
];

export const sampleFilled: readonly FilledFact[] = [
  { document: '契約書', label: '住所', value: '見本県見本市一丁目1番1号' },
  { document: '金抜き設計書', label: '設計図書を受け取りました', value: null },
];

export const sampleNumber = '2026-0123';
export const sampleTitle = '市道1号線舗装工事';
export const sampleLink = 'https://keiyaku.mihon.example.jp/c/abcdefghijklmnopqrstuvwxyz';
