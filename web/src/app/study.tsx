import { useEffect, useState } from "preact/hooks";
import { ask, send } from "../common/api";

/** Studies of a scenario: which there are, and what each takes, is read from the server's own description. */

interface Property {
  type?: string;
  description?: string;
  default?: unknown;
  anyOf?: Property[];
}

interface Study {
  name: string;
  summary: string;
  properties: Record<string, Property>;
  required: string[];
}

interface Described {
  paths: Record<string, { post?: { summary: string; requestBody?: { content: Record<string, { schema: { $ref: string } }> } } }>;
  components: { schemas: Record<string, { properties: Record<string, Property>; required?: string[] }> };
}

const ADDRESS = "/api/studies/";

function studiesOf(described: Described): Study[] {
  return Object.entries(described.paths).flatMap(([address, { post }]) => {
    const schema = post?.requestBody?.content["application/json"]?.schema.$ref.split("/").pop();
    if (!address.startsWith(ADDRESS) || !post || !schema) return [];
    const { properties, required } = described.components.schemas[schema]!;
    const { path: _, ...own } = properties;
    return [{ name: address.slice(ADDRESS.length), summary: post.summary, properties: own, required: required ?? [] }];
  });
}

/** The kind of a value; what may be left out is one of a pair with null. */
function kindOf(property: Property): string {
  return property.type ?? property.anyOf?.find((p) => p.type !== "null")?.type ?? "string";
}

/** What a field holds, as the server wants it; undefined: it is left out. */
function valueOf(property: Property, text: string): unknown {
  if (kindOf(property) === "boolean") return text === "true";
  if (!text.trim()) return undefined;
  if (kindOf(property) === "integer") return Number(text);
  return kindOf(property) === "array" ? text.split("\n").map((line) => line.trim()).filter(Boolean) : text;
}

interface Props {
  path: string;
  ready: boolean;
  save: () => Promise<boolean>;
  fail: (e: unknown) => void;
}

export function StudyForm({ path, ready, save, fail }: Props) {
  const [studies, setStudies] = useState<Study[]>([]);
  const [chosen, setChosen] = useState("");
  const [texts, setTexts] = useState<Record<string, string>>({});
  useEffect(() => {
    ask<Described>("openapi.json").then((described) => setStudies(studiesOf(described)), fail);
  }, []);
  const study = studies.find((s) => s.name === chosen);
  const start = async (e: Event) => {
    e.preventDefault();
    if (!study || !(await save())) return;
    const given = Object.entries(study.properties).map(([name, p]) => [name, valueOf(p, texts[name] ?? String(p.default ?? ""))]);
    try {
      await send("POST", `studies/${study.name}`, { path, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) });
    } catch (error) {
      fail(error);
    }
  };
  return (
    <form class="line study" onSubmit={(e) => void start(e)} aria-label="Study">
      <label>
        Study
        <select
          value={chosen}
          onChange={(e) => {
            setChosen(e.currentTarget.value);
            setTexts({});
          }}
        >
          <option value="">choose one</option>
          {studies.map((s) => (
            <option key={s.name} value={s.name}>
              {s.name.replace("_", " ")}
            </option>
          ))}
        </select>
      </label>
      {study && <p class="note">{study.summary}</p>}
      {study &&
        Object.entries(study.properties).map(([name, property]) => (
          <Argument
            key={`${study.name} ${name}`}
            name={name}
            property={property}
            needed={study.required.includes(name)}
            text={texts[name] ?? String(property.default ?? "")}
            change={(text) => setTexts({ ...texts, [name]: text })}
          />
        ))}
      {study && (
        <button type="submit" disabled={!ready}>
          Ask
        </button>
      )}
    </form>
  );
}

interface ArgumentProps {
  name: string;
  property: Property;
  needed: boolean;
  text: string;
  change: (text: string) => void;
}

function Argument({ name, property, needed, text, change }: ArgumentProps) {
  const kind = kindOf(property);
  const told = property.description ?? property.anyOf?.find((p) => p.description)?.description ?? "";
  const label = name.replace("_", " ");
  if (kind === "boolean")
    return (
      <label class="check" title={told}>
        <input type="checkbox" checked={text === "true"} onChange={() => change(text === "true" ? "false" : "true")} /> {label}
      </label>
    );
  return (
    <label title={told}>
      {label}
      {kind === "array" ? (
        <textarea rows={1} required={needed} placeholder={told} value={text} onInput={(e) => change(e.currentTarget.value)} />
      ) : kind === "integer" ? (
        <input type="number" min={0} required={needed} value={text} onInput={(e) => change(e.currentTarget.value)} />
      ) : (
        <input type="text" required={needed} placeholder={told} value={text} onInput={(e) => change(e.currentTarget.value)} />
      )}
    </label>
  );
}

interface Found {
  heading: string;
  answer: string;
  tables: { columns: string[]; rows: string[][] }[];
}

/** What a finished study found: its tables and its answer in words. */
export function StudyAnswer({ id }: { id: number }) {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    ask<Found>(`studies/${id}`).then(setFound, () => setFound(null)); // the server keeps the last ones only
  }, [id]);
  if (!found) return null;
  return (
    <div class="found">
      <p class="note">{found.heading}</p>
      {found.tables.map((table, i) => (
        <div class="scroll" key={i} role="group" aria-label={table.columns.join(", ")} tabIndex={0}>
          <table class="numbers">
            <thead>
              <tr>
                {table.columns.map((head) => (
                  <th scope="col" key={head}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, k) => (
                <tr key={k}>
                  {row.map((cell, j) => (j ? <td key={j}>{cell}</td> : <th scope="row" key={j}>{cell}</th>))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
      {found.answer && <p>{found.answer}</p>}
    </div>
  );
}
