/** What is measured: each makes the same file B-LTA with the same key and authorities, as far as it can, or is the part nobody can avoid. */

export type ContenderName =
  | 'ours'
  | 'libpdf'
  | 'signpdf'
  | 'floor'
  | 'floor-in-memory'
  | 'verify'
  | 'verify-floor'
  | 'verify-floor-in-memory';

export interface Assignment {
  readonly contender: ContenderName;
  /** PDF to be sealed, or the sealed one to be verified. */
  readonly file: string;
  readonly parties: number;
  /** Where the test authority, served by another process, keeps its keys. */
  readonly authority: string;
}

export interface Contender {
  /** The whole job once; resolves to the octets it added. */
  run(): Promise<number>;
  /** Does the job and leaves the sealed file at `path`. */
  save?(path: string): Promise<void>;
}

export const REASON = '山田太郎様 yamada@sample.example.jp が2026-11-21 09:25:23 +09:00 JSTに承認しました';
export const LOCATION = '日本';
