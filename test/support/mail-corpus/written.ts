/** How the corpus is written down: an expectation beside each mail, and a line on each in the README. */
import type { Fixture } from './fixture.ts';

export function expectationFile({ when, expected }: Fixture): string {
  return `${JSON.stringify({ ...(when && { when }), expected }, null, 2)}\n`;
}

export function readme(fixtures: readonly Fixture[]): string {
  const rows = fixtures.map(
    ({ name, shows, mail }) => `| ${name} | ${shows} | ${mail === null ? 'hand' : 'script'} |`,
  );
  return `# The corpus of mails

Mails in the shapes that clients, filters and carriers give them; every name, address and contract is invented. Beside each
\`.eml\` stands a \`.json\`: \`when\` says how the mail came (through the staff's own relay and without a secret of ours, unless it
says otherwise), \`expected\` what has to be understood (only what it names is compared). \`test/unit/mail-corpus.test.ts\` takes
each of them through parse, authenticate and interpret; \`test/unit/mail-fuzz.test.ts\` does so with damaged copies.

\`node --import tsx test/support/mail-corpus/make.ts\` makes the files and this table anew.

| mail | what it shows | made by |
|---|---|---|
${rows.join('\n')}
`;
}
