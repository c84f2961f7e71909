import { expect, it } from "vitest";
import { merged } from "./values";

/** What a server hears: fields without a prototype are fields. */
function heard(payload: unknown, ...values: Parameters<typeof merged>[1]) {
  const made = merged(payload, values);
  return { payload: JSON.parse(JSON.stringify(made.payload ?? null)), dropped: made.dropped };
}

it("nests by dots", () => {
  const { payload } = heard(
    { id: 7, todo: { id: 1 } },
    { name: "todo.title", value: "Milk" },
    { name: "todo.when.day", value: null },
    { name: "done", value: false },
  );
  expect(payload).toEqual({ id: 7, todo: { id: 1, title: "Milk", when: { day: null } }, done: false });
});

it("lets what the payload has win, and says what was dropped", () => {
  const { payload, dropped } = heard(
    { id: 7, todo: "fixed", list: [1] },
    { name: "id", value: "9" },
    { name: "todo.title", value: "Milk" },
    { name: "list.0", value: "x" },
    { name: "new.a", value: "first" },
    { name: "new.a", value: "second" },
    { name: "new.a.b", value: "below a text" },
  );
  expect(payload).toEqual({ id: 7, todo: "fixed", list: [1], new: { a: "first" } });
  expect(dropped).toEqual(["id", "todo.title", "list.0", "new.a", "new.a.b"]);
});

it("leaves nothing of a path that was refused, and keeps a payload that is no object", () => {
  expect(heard({}, { name: "a.__proto__.b", value: "x" })).toEqual({
    payload: {},
    dropped: ["a.__proto__.b"],
  });
  expect(heard([1], { name: "a", value: "x" })).toEqual({ payload: [1], dropped: ["a"] });
  expect(heard("text", { name: "a", value: "x" }).payload).toBe("text");
});

it("takes a name that does not nest for one name, and no name for none", () => {
  expect(heard(null, { name: "a..b", value: "x" }, { name: ".", value: "y" }).payload).toEqual({
    "a..b": "x",
    ".": "y",
  });
  expect(merged(undefined, [{ name: "", value: "x" }])).toEqual({ payload: undefined, dropped: [] });
});

it("does not touch the payload that came", () => {
  const payload = { todo: { id: 1 } };
  merged(payload, [{ name: "todo.title", value: "Milk" }]);
  expect(payload).toEqual({ todo: { id: 1 } });
});

it("pollutes no prototype, whatever a control or a payload is called", () => {
  const names = ["__proto__.bad", "constructor.prototype.bad", "toString", "a.__proto__.bad", "__proto__"];
  const payload = JSON.parse('{"__proto__": {"bad": "own"}, "kept": 1}');
  const made = merged(
    payload,
    names.map((name) => ({ name, value: "x" })),
  );
  expect(({} as Record<string, unknown>)["bad"]).toBeUndefined();
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  expect({}.toString()).toBe("[object Object]");
  expect(made.dropped).toEqual(["__proto__.bad", "a.__proto__.bad", "__proto__"]);
  const sent = made.payload as Record<string, unknown>;
  expect(JSON.stringify(sent["constructor"])).toBe('{"prototype":{"bad":"x"}}');
  expect(sent["toString"]).toBe("x");
});
