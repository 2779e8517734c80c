// Reads Authentication-Results header values (RFC 8601 §2.2; method dmarc: RFC 7489 §11.2).

export interface MethodResult {
  method: string;
  result: string;
  /** 'ptype.property' in lower case → value. */
  properties: Map<string, string>;
}

export interface AuthenticationResults {
  authservId: string;
  results: MethodResult[];
}

/** Comments go, quoted values lose their quotes; null when the value does not even name its authserv-id. */
export function readAuthenticationResults(value: string): AuthenticationResults | null {
  const [head = '', ...statements] = splitOutsideQuotes(withoutComments(value));
  const authservId = /^"?([^\s";=]+)"?(\s+\d+)?$/.exec(head.trim())?.[1];
  if (authservId === undefined) return null;
  return { authservId: authservId.toLowerCase(), results: statements.flatMap(readStatement) };
}

function readStatement(statement: string): MethodResult[] {
  const pairs = [...statement.matchAll(/([\w.-]+)\s*(?:\/\s*\d+\s*)?=\s*("(?:[^"\\]|\\.)*"|[^\s;]+)/g)];
  const [first, ...rest] = pairs.map(([, name, text]) => [name!.toLowerCase(), unquoted(text!)] as const);
  if (first === undefined) return [];
  return [{ method: first[0], result: first[1].toLowerCase(), properties: new Map(rest) }];
}

/** Removes comments, nested ones too, but nothing inside quotes; an unclosed comment swallows the rest. */
function withoutComments(value: string): string {
  let depth = 0;
  let quoted = false;
  let kept = '';
  for (let at = 0; at < value.length; at++) {
    const character = value[at]!;
    if (character === '\\' && (quoted || depth > 0)) {
      if (depth === 0) kept += value.slice(at, at + 2);
      at++;
      continue;
    }
    if (character === '"' && depth === 0) quoted = !quoted;
    if (character === '(' && !quoted) depth++;
    else if (character === ')' && !quoted && depth > 0) depth--;
    else if (depth === 0) kept += character;
  }
  return kept;
}

function splitOutsideQuotes(value: string): string[] {
  return value.match(/(?:"(?:[^"\\]|\\.)*"|[^;"]|")+/g) ?? [];
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}
