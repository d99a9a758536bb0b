import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const CSS = new URL("../../pos/static/css/", import.meta.url);
const read = (name) => readFileSync(new URL(name, CSS), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
const files = readdirSync(CSS).filter((name) => name.endsWith(".css"));
const tokens = read("tokens.css");

/** The declarations of custom properties in the block that begins with `head`. */
function block(head) {
  const start = tokens.indexOf(head);
  assert.notEqual(start, -1, `tokens.css has no ${head}`);
  const body = tokens.slice(tokens.indexOf("{", start + head.length - 1) + 1, tokens.indexOf("}", start));
  return Object.fromEntries([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value.trim()]));
}

const standard = block(":root {");
const high = block(':root[data-contrast="more"],');
const PALETTES = {
  light: [0, standard],
  dark: [1, standard],
  "high contrast, light": [0, { ...standard, ...high }],
  "high contrast, dark": [1, { ...standard, ...high }],
};

/** The colour of a role in a palette, as three numbers. */
function colour(role, [side, palette]) {
  let value = palette[role];
  for (let found; (found = /^var\((--[\w-]+)\)$|^light-dark\((.+?),\s*([^,]+)\)$/.exec(value)); ) value = found[1] ? palette[found[1]] : side ? found[3] : found[2];
  assert.match(value ?? "", /^#[0-9a-f]{6}$/, `${role} is no colour`);
  return [1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16));
}

/** WCAG 2.2: the ratio of two colours' relative luminances. */
function ratio(one, other) {
  const [dark, light] = [one, other].map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const GROUNDS = ["--ground", "--surface", "--sunken"];
const SOFT = ["brand", "money", "danger", "warn"];
const LETTERS = [
  ...GROUNDS.flatMap((ground) => ["--text-soft", "--brand-text", "--money-text", "--danger-text"].map((text) => [text, ground])),
  ...SOFT.map((kind) => [`--${kind}-text`, `--${kind}-soft`]),
  ...SOFT.map((kind) => ["--text", `--${kind}-soft`]),
  ["--on-brand", "--brand"],
  ["--on-brand", "--brand-deep"],
  ["--on-money", "--money"],
  ["--on-danger", "--danger"],
  ["--on-sheet", "--sheet"],
  ["--on-sheet-soft", "--sheet"],
  ["--on-alarm", "--alarm"],
  ["--on-alarm-button", "--on-alarm"],
];

/** Every rule that says both a ground and a letter, in any stylesheet. */
function* rules() {
  for (const name of files) {
    for (const [, selector, body] of read(name).matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      const ground = /background(?:-color)?:\s*var\((--[\w-]+)\)/.exec(body)?.[1];
      const letter = /(?:^|[\s;])color:\s*var\((--[\w-]+)\)/.exec(body)?.[1];
      if (ground && letter) yield { name, selector: selector.trim(), ground, letter };
    }
  }
}

function tooLittle(pairs, least, palette) {
  return pairs.map(([one, other]) => [one, other, ratio(colour(one, palette), colour(other, palette))]).filter(([, , found]) => found < least).map(([one, other, found]) => `${one} on ${other}: ${found.toFixed(2)}`);
}

for (const [name, palette] of Object.entries(PALETTES)) {
  test(`letters can be read in ${name}`, () => {
    assert.deepEqual(tooLittle(LETTERS, name.startsWith("high") ? 7 : 4.5, palette), []);
  });

  test(`the till's main text is at least seven to one in ${name}`, () => {
    const main = [...GROUNDS.map((ground) => ["--text", ground]), ["--on-money", "--money"], ["--on-brand", "--brand"], ["--money-text", "--money-soft"], ["--money-text", "--surface"]];
    assert.deepEqual(tooLittle(main, 7, palette), []);
  });

  test(`the edges of fields and buttons and the focus are seen in ${name}`, () => {
    const edges = GROUNDS.flatMap((ground) => ["--line-strong", "--brand-text", "--money", "--danger"].map((edge) => [edge, ground]));
    assert.deepEqual(tooLittle(edges, 3, palette), []);
  });

  test(`no stylesheet puts letters on a ground they cannot be read on in ${name}`, () => {
    const found = [...rules()];
    assert.ok(found.length > 30);
    const bad = found.map((rule) => [rule, ratio(colour(rule.letter, palette), colour(rule.ground, palette))]).filter(([, value]) => value < 4.5);
    assert.deepEqual(bad.map(([rule, value]) => `${rule.name} ${rule.selector}: ${value.toFixed(2)}`), []);
  });
}

test("the machine's wish for contrast and the switch give the same colours", () => {
  assert.deepEqual(block(":root:not([data-contrast]) {"), high);
});

test("components name roles, never colours of their own", () => {
  const own = files.filter((name) => name !== "tokens.css").flatMap((name) => [...read(name).matchAll(/[:\s(](#[0-9a-f]{3,8}\b|rgba?\([^)]*\)|hsla?\([^)]*\))/gi)].map(([, found]) => `${name}: ${found}`));
  assert.deepEqual(own, []);
});

test("every role that a stylesheet names exists", () => {
  const known = new Set(files.flatMap((name) => [...read(name).matchAll(/(--[\w-]+):/g)].map(([, found]) => found)));
  known.add("--board"); // how high the keys on the screen are, told by them
  const unknown = files.flatMap((name) => [...read(name).matchAll(/var\((--[\w-]+)/g)].filter(([, role]) => !known.has(role)).map(([, role]) => `${name}: ${role}`));
  assert.deepEqual(unknown, []);
});
