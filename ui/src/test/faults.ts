import axe from "axe-core";

/** What a check of the whole page finds, by rule; colours are measured in design/contrast.test.ts instead. */
export async function faults(): Promise<string[]> {
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  return result.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" ")}`);
}
