/** A process of its own that asks for as many ports as argument 1 says, prints them and stays until its standard input ends. */
import { freePort } from '../../demo/people.ts';

const ports: number[] = [];
for (let asked = 0; asked < Number(process.argv[2]); asked++) ports.push(await freePort());
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.resume();
