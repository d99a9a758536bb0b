import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { advise, cardWidth, factor, largeEnough, measured, room, STEPS, targets, TILL, TOUCH } from "../../pos/static/js/screen/scale.js";

const css = (name) => readFileSync(new URL(`../../pos/static/css/${name}.css`, import.meta.url), "utf8");

test("a card that is 503 px wide makes a pixel of 0.170 mm, and back", () => {
  assert.equal(measured(503.5), 170);
  assert.ok(Math.abs(cardWidth(170) - 503.5) < 0.1);
});

test("targets are what the tokens say, in millimetres", () => {
  const { smallest, money } = targets(170, 1);
  assert.equal(smallest.toFixed(2), "9.52");
  assert.equal(money.toFixed(2), "10.88");
  assert.match(css("tokens"), new RegExp(`--touch: ${TOUCH.smallest}rem;`));
  assert.match(css("tokens"), new RegExp(`--touch-money: ${TOUCH.money}rem;`));
});

test("the room is the stylesheet's", () => {
  const { landscape, portrait } = TILL;
  assert.ok(css("till").includes(`min(100vw / ${landscape.wide}, 100vh / ${landscape.high})`));
  assert.ok(css("till").includes(`min(100vw / ${portrait.wide}, 100vh / ${portrait.high})`));
  for (const step of STEPS.filter((one) => one !== 100)) assert.ok(css("base").includes(`:root[data-size="${step}"] {\n  --scale: ${step / 100};`), `${step} has no rule`);
});

test("a setting never makes the till larger than the screen has room for, nor smaller than chosen", () => {
  for (const [width, height] of [[1280, 800], [800, 1280], [1024, 600], [1366, 768], [1920, 1080], [640, 400]]) {
    const most = room(width, height);
    assert.ok(most >= 1);
    for (const step of STEPS) {
      const grown = factor(step, most);
      assert.ok(grown <= Math.max(1, most) && grown <= step / 100);
      if (grown > 1) assert.ok(width / (16 * grown) >= (width > height ? TILL.landscape : TILL.portrait).wide - 0.001);
    }
  }
});

test("a ten inch screen of 1280 by 800 is advised one step more, a large one nothing", () => {
  const most = room(1280, 800);
  const tenInch = advise(170, 100, most);
  assert.equal(tenInch.kind, "better");
  assert.equal(tenInch.step, 115);
  assert.ok(largeEnough(tenInch.sizes));
  assert.equal(advise(200, 100, most).kind, "enough");
  assert.equal(advise(170, 115, most).kind, "enough");
});

test("a screen that is too small is told so, with the most there is", () => {
  const tiny = advise(100, 100, room(1024, 600));
  assert.equal(tiny.kind, "never");
  assert.ok(!largeEnough(tiny.sizes));
  assert.ok(tiny.sizes.smallest > tiny.now.smallest);
});

test("exactly nine and eleven millimetres are large enough, less is not", () => {
  assert.ok(largeEnough({ smallest: 9, money: 11 }));
  assert.ok(!largeEnough({ smallest: 8.99, money: 11 }));
  assert.ok(!largeEnough({ smallest: 9, money: 10.99 }));
});
