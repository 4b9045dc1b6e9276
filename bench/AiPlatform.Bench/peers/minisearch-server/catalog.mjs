// The sample catalog in MiniSearch: the fields and weights of the server that is measured, its access rules as a filter of the search,
// and answers of the same content. Nothing is computed for a call that can be computed once.
import { readFileSync } from "node:fs";
import MiniSearch from "minisearch";

const levels = ["public", "internal", "confidential"];
const shown = 10;
const snippet = 160;

/** What a group may see: the demo's groups as the sample's policy states them. */
const groups = {
  administrators: { level: 2, region: "EU", sees: () => true },
  "eu-retail": { level: 0, region: "EU", sees: (row) => row.regions.includes("EU") },
  "us-wholesale": { level: 1, region: "US", sees: (row) => row.regions.includes("US") },
  partners: { level: 1, region: "EU", sees: (row) => row.categoryPath[0] === "Electronics" },
};

const options = {
  fields: ["name", "class", "category", "brand", "description", "features"],
  searchOptions: { boost: { name: 6.2, class: 2.8, category: 1.2, brand: 15, description: 1.4, features: 0.84 } },
};

export class Catalog {
  #products = [];
  #index = new MiniSearch(options);

  constructor(path) {
    const rows = readFileSync(path, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
    this.#products = rows.map((row) => ({ row, view: view(row), line: line(row), visible: visibleTo(row) }));
    this.#index.addAll(rows.map((row, id) => ({
      id,
      name: row.name,
      class: row.productType,
      category: row.categoryPath.join(" "),
      brand: row.brand,
      description: row.description,
      features: Object.entries(row.specifications).map(([name, values]) => `${name} ${values.join(" ")}`).join(" "),
    })));
  }

  /** The result of tools/call. */
  search(query, group) {
    const hits = this.#index.search(query, { filter: (hit) => this.#products[hit.id].visible[group] });
    const page = hits.slice(0, shown).map((hit) => this.#products[hit.id]);
    const text = `${hits.length} products match; ${page.length} shown.\n${page.map((p, i) => `${i + 1}. ${p.line}`).join("\n")}\n`;
    return {
      content: [{ type: "text", text }],
      structuredContent: { catalog: "sample", total: hits.length, products: page.map((p) => p.view) },
    };
  }
}

function visibleTo(row) {
  const entries = Object.entries(groups).map(([group, rule]) => [
    group,
    levels.indexOf(row.access.level) <= rule.level
      && (row.access.groups.includes(group) || row.access.groups.includes("everyone"))
      && !row.access.restrictedRegions.includes(rule.region)
      && rule.sees(row),
  ]);
  return Object.fromEntries(entries);
}

function view(row) {
  return {
    id: row.sku,
    name: row.name,
    brand: row.brand,
    price: row.price.amount,
    currency: row.price.currency,
    availability: row.availability,
    access_level: row.access.level,
    category: row.categoryPath.join(" / "),
    class: row.productType,
    regions: row.regions,
    rating: row.reviews.average,
    rating_count: row.reviews.count,
    released: row.releasedAt,
    description: row.description,
    specifications: row.specifications,
    url: row.url,
    image_url: row.imageUrl,
  };
}

function line(row) {
  const parts = [`[${row.sku}] ${row.name}`, row.brand, `${row.price.amount} ${row.price.currency}`, row.availability, row.access.level, row.regions.join(", ")];
  return `${parts.join(" | ")}\n  ${row.description.length > snippet ? `${row.description.slice(0, snippet)}…` : row.description}`;
}
