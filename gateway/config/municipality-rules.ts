// Rules between municipalities: whose an address is, and which headers a form's columns have.
import { ESSENTIAL_COLUMNS, foldName } from '../registration/columns.ts';
import type { Path } from './environment.ts';
import { type Finding, repeated } from './finding.ts';
import type { Settings } from './schema.ts';

export function municipalityFindings({ municipalities }: Settings): Finding[] {
  const findings = repeated(
    municipalities.map((municipality) => municipality.id),
    (i) => ['municipalities', i, 'id'],
  );
  const owners = new Map<string, number>();
  for (const [
    i,
    { address, aliases, verificationAddress, registrationAddress },
  ] of municipalities.entries()) {
    const places: [string | null, Path][] = [
      [address, ['address']],
      ...aliases.map((alias, j): [string, Path] => [alias, ['aliases', j]]),
      [verificationAddress, ['verificationAddress']],
      [registrationAddress, ['registrationAddress']],
    ];
    for (const [own, place] of places) {
      if (own === null) continue;
      const path = ['municipalities', i, ...place];
      const owner = owners.get(own);
      if (owner === undefined) owners.set(own, i);
      else findings.push({ path, message: `${own} already belongs to municipalities[${owner}]` });
    }
  }
  return [...findings, ...municipalities.flatMap(({ forms }, i) => formFindings(forms, i))];
}

/** A header that is given to two columns would fill both with one value; without an essential one no row can be taken. */
function formFindings(forms: Settings['municipalities'][number]['forms'], municipality: number): Finding[] {
  const path = ['municipalities', municipality, 'forms'];
  const headers = forms.flatMap(({ fields, keep }, i) => {
    const given = [
      ...Object.entries(fields).flatMap(([column, names]) =>
        names.map((header, j) => ({ header, at: ['fields', column, j] })),
      ),
      ...keep.map((header, j) => ({ header, at: ['keep', j] })),
    ];
    const absent = ESSENTIAL_COLUMNS.filter((column) => fields[column]?.length === 0);
    return [
      ...absent.map((column) => ({
        path: [...path, i, 'fields', column],
        message: 'must name a header: without it nobody can be registered',
      })),
      ...repeated(
        given.map(({ header }) => foldName(header)),
        (j) => [...path, i, ...given[j]!.at],
      ),
    ];
  });
  const names = forms.map(({ name }) => name.normalize('NFKC').toLowerCase());
  return [...repeated(names, (i) => [...path, i, 'name']), ...headers];
}
