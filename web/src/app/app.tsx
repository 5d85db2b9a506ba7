import { useEffect, useState } from "preact/hooks";
import { ask } from "../common/api";
import type { About } from "./pages";
import { ReplayPage } from "./replaypage";
import { Home } from "./home";
import { EditPage } from "./edit";
import { ResultsPage } from "./results";

/** Pages by what stands behind the `#`; a reload opens the same page. */
export function App() {
  const [route, setRoute] = useState(parts());
  const [about, setAbout] = useState<About | null>(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    const follow = () => setRoute(parts());
    addEventListener("hashchange", follow);
    ask<About>("about").then(setAbout, (e: Error) => setTrouble(e.message));
    return () => removeEventListener("hashchange", follow);
  }, []);
  if (trouble) return <p class="trouble page" role="alert">{trouble}</p>;
  if (!about) return <p class="page wait">Opening…</p>;
  const [page, first, second, third, fourth] = route;
  if (page === "replay" && first && second)
    return <ReplayPage key={first} path={first} variant={second} replication={Number(third ?? 0)} wave={fourth ?? ""} about={about} />;
  if (page === "results" && first) return <ResultsPage key={first + second} path={first} other={second} about={about} />;
  if (page === "edit" && first && about.writes) return <EditPage key={first} path={first} about={about} />;
  return <Home about={about} />;
}

function parts(): string[] {
  return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}
