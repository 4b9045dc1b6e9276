// Writes UnicodeForms.*.cs from the Unicode data of the JavaScript engine that runs it: `node src/Core/Text/generate-tables.mjs`.
// It stops when a table would not reproduce the engine's own decompositions and compositions.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const hex = (c) => c.toString(16).toUpperCase().padStart(4, "0");
const codes = (s) => Array.from(s, (c) => c.codePointAt(0));
const isHangul = (c) => c >= 0xac00 && c <= 0xd7a3;
const points = [];
for (let c = 0x80; c <= 0x10ffff; c++) {
  if ((c < 0xd800 || c > 0xdfff) && !isHangul(c)) points.push(c);
}

// Marks by canonical combining class; the class of another mark is that of the sample which it never changes places with.
const samples = {
  1: 0x334, 6: 0x16ff0, 7: 0x93c, 8: 0x3099, 9: 0x94d, 10: 0x5b0, 11: 0x5b1, 12: 0x5b2, 13: 0x5b3, 14: 0x5b4, 15: 0x5b5, 16: 0x5b6, 17: 0x5b7, 18: 0x5b8,
  19: 0x5b9, 20: 0x5bb, 21: 0x5bc, 22: 0x5bd, 23: 0x5bf, 24: 0x5c1, 25: 0x5c2, 26: 0xfb1e, 27: 0x64b, 28: 0x64c, 29: 0x64d, 30: 0x64e, 31: 0x64f, 32: 0x650,
  33: 0x651, 34: 0x652, 35: 0x670, 36: 0x711, 84: 0xc55, 91: 0xc56, 103: 0xe38, 107: 0xe48, 118: 0xeb8, 122: 0xec8, 129: 0xf71, 130: 0xf72, 132: 0xf74,
  202: 0x321, 214: 0x1dce, 216: 0x31b, 218: 0x302a, 220: 0x316, 222: 0x59a, 224: 0x302e, 226: 0x1d16d, 228: 0x5ae, 230: 0x301, 232: 0x315, 233: 0x35c,
  234: 0x35d, 240: 0x345,
};
const swaps = (a, b) => {
  const s = String.fromCodePoint(a, b);
  return s.normalize("NFD") !== s;
};
function classOf(c) {
  const text = String.fromCodePoint(c);
  if (!/\p{M}/u.test(text) || text.normalize("NFD") !== text || (!swaps(c, 0x334) && !swaps(0x345, c))) return 0;
  const found = Object.entries(samples).filter(([, s]) => !swaps(c, s) && !swaps(s, c));
  if (found.length !== 1) throw new Error(`class of ${hex(c)}: ${found}`);
  return Number(found[0][0]);
}

const compositions = new Map(); // mark -> [letter, composed]...
const decompositions = [];
for (const c of points) {
  const text = String.fromCodePoint(c);
  const canonical = text.normalize("NFD");
  if (canonical !== text && text.normalize("NFC") === text) {
    const parts = codes(canonical);
    const mark = parts.pop();
    const letter = codes(String.fromCodePoint(...parts).normalize("NFC"));
    if (letter.length !== 1 || String.fromCodePoint(letter[0], mark).normalize("NFC") !== text) throw new Error(`pair of ${hex(c)}`);
    if (!compositions.has(mark)) compositions.set(mark, []);
    compositions.get(mark).push([letter[0], c]);
  } else if (text.normalize("NFKD") !== text) {
    decompositions.push([c, codes(text.normalize("NFKD"))]);
  }
}

const words = [];
for (let i = 0; i < decompositions.length; ) {
  const [first, to] = decompositions[i];
  let n = 1;
  while (to.length === 1 && i + n < decompositions.length && decompositions[i + n][0] === first + n
    && decompositions[i + n][1].length === 1 && decompositions[i + n][1][0] === to[0] + n) n++;
  words.push(`${hex(first)}${n > 1 ? "-" + hex(first + n - 1) : ""}=${to.map(hex).join("+")}`);
  i += n;
}

const classes = [];
for (const c of points) {
  const value = classOf(c);
  const last = classes.at(-1);
  if (value !== 0 && last && last[2] === value && last[1] === c - 1) last[1] = c;
  else if (value !== 0) classes.push([c, c, value]);
}

function wrap(items) {
  const lines = [""];
  for (const item of items) {
    if (lines.at(-1).length + item.length > 150) lines.push("");
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + item;
  }
  return lines.map((l) => "        " + l).join("\n");
}

function write(name, summary, items) {
  writeFileSync(join(folder, `UnicodeForms.${name}.cs`), `namespace AiPlatform.Core.Text;

// Written by generate-tables.mjs from Unicode ${process.versions.unicode}.
internal static partial class UnicodeForms
{
    /// <summary>${summary}</summary>
    private const string ${name} = """
${wrap(items)}
        """;
}
`);
}

write("Compositions", "The canonical compositions, Hangul aside: a mark's code and a colon, then each letter and the letter with the mark.",
  [...compositions].sort((a, b) => a[0] - b[0]).flatMap(([mark, pairs]) => [`${hex(mark)}:`, ...pairs.map(([l, c]) => `${hex(l)}+${hex(c)}`)]));
write("Decompositions", "The full compatibility decompositions of what is in no composition; a range stands for a range of the same length.", words);
write("CombiningClasses", "The canonical combining classes other than 0.",
  classes.map(([a, b, v]) => `${hex(a)}${b > a ? "-" + hex(b) : ""}=${v}`));
