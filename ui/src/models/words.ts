import type { Price } from "../gen/Price";

/** What stands where the server chooses. */
export const DEFAULT = "Default model";

/** How much a model can read, as people say it: 131,072 tokens are "128k". */
export function contextWords(tokens: number): string {
  const binary = tokens % 1024 === 0 && tokens % 1000 !== 0;
  const [thousand, million] = binary ? [1024, 1024 * 1024] : [1000, 1_000_000];
  if (tokens >= million) return `${short(tokens / million)}M`;
  return tokens >= thousand ? `${Math.round(tokens / thousand)}k` : String(tokens);
}

function short(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}

/** Making one takes longer than drawing a row. */
const formats = new Map<string, Intl.NumberFormat | null>();

function formatOf(currency: string): Intl.NumberFormat | null {
  const before = formats.get(currency);
  if (before !== undefined) return before;
  let format: Intl.NumberFormat | null = null;
  try {
    const most = { minimumFractionDigits: 0, maximumFractionDigits: 4 };
    format = new Intl.NumberFormat(undefined, { style: "currency", currency, ...most });
  } catch {
    // Whoever wrote the file may have written anything; then the words stand as they are.
  }
  formats.set(currency, format);
  return format;
}

/** What a million tokens cost, of the question and of the answer. */
export function priceWords({ input, output, currency }: Price): string {
  if (input === 0 && output === 0) return "free";
  const format = formatOf(currency);
  const amount = (value: number) => format?.format(value) ?? `${value} ${currency}`;
  return `${amount(input)} / ${amount(output)}`;
}

/** The same, for who listens and for who wonders what the numbers are. */
export function priceHint({ input, output, currency }: Price): string {
  if (input === 0 && output === 0) return "free of charge";
  const format = formatOf(currency);
  const amount = (value: number) => format?.format(value) ?? `${value} ${currency}`;
  return `per million tokens ${amount(input)} for what is sent, ${amount(output)} for what is answered`;
}
