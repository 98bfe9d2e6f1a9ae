// Layouts are pure, so what they made for the same inputs a frame ago is still right. Keeping it
// also keeps the identity of unchanged pictures, which views and blends skip.

/** The state before and after an event, and those of the step just left. */
const CALLS_MAX = 4;

/**
 * `layout`, answering repeated calls with the same (identical) arguments from memory.
 * @param callsMax different calls to remember: four for each thing that it lays out
 */
export function remembered<A extends readonly unknown[], R>(
  layout: (...inputs: A) => R,
  callsMax: number = CALLS_MAX,
): (...inputs: A) => R {
  const calls: { readonly inputs: A; readonly result: R }[] = [];
  return (...inputs) => {
    const known = calls.find((call) => call.inputs.every((input, at) => input === inputs[at]));
    if (known !== undefined) return known.result;
    const result = layout(...inputs);
    calls.push({ inputs, result });
    if (calls.length > callsMax) calls.shift();
    return result;
  };
}
