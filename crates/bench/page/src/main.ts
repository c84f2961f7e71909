import "./clock";
import "../../../../ui/src/design/tokens.css";
import "../../../../ui/src/design/base.css";
import "./page.css";
import { loadFormulas } from "../../../../ui/src/markdown/formula";
import { resolution } from "./clock";
import { measure, type Run } from "./measure";
import { type Arrival, RENDERERS } from "./renderers";

/** One text, and who draws it. */
interface Case {
  /** What it is. */
  readonly name: string;
  /** The file with what arrives. */
  readonly file: string;
  readonly renderers: readonly string[];
  readonly rounds: number;
  /** After so many milliseconds of work a renderer is stopped. */
  readonly cap: number;
}

async function read<T>(name: string): Promise<T> {
  const answer = await fetch(`data/${name}`);
  if (!answer.ok) throw new Error(`${name} cannot be read`);
  return (await answer.json()) as T;
}

async function tell(name: string, words: string): Promise<void> {
  await fetch(name, { method: "POST", body: words });
}

function end(outcome: object): Promise<void> {
  return tell("result", JSON.stringify(outcome));
}

async function runCase({ file, renderers, rounds, cap }: Case): Promise<object[]> {
  const arrivals = await read<Arrival[]>(file);
  const runs: (Run & { file: string; renderer: string })[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Each round begins with another one: what is slow for a while is not always slow for the same.
    for (const turn of renderers.keys()) {
      const renderer = renderers[(turn + round) % renderers.length] ?? "";
      const draws = RENDERERS[renderer];
      if (draws === undefined) throw new Error(`there is no renderer ${renderer}`);
      runs.push({ file, renderer, ...(await measure(draws, arrivals, cap)) });
    }
  }
  return runs;
}

async function main(): Promise<void> {
  await loadFormulas();
  const cases = await read<Case[]>("plan");
  const runs: object[] = [];
  for (const [at, one] of cases.entries()) {
    await tell("progress", `${at + 1} of ${cases.length}: ${one.name}`);
    runs.push(...(await runCase(one)));
  }
  await end({ resolution: resolution(), runs });
}

main().catch((error) => end({ error: String(error) }));
