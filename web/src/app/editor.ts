import { defaultKeymap, history, historyKeymap, indentWithTab, redo, undo } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Problem } from "../common/api";

const colours = HighlightStyle.define([
  { tag: tags.comment, class: "cm-quiet" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: "cm-key" },
  { tag: [tags.string, tags.special(tags.string)], class: "cm-text" },
  { tag: [tags.number, tags.bool, tags.atom], class: "cm-number" },
  { tag: tags.bracket, class: "cm-bracket" },
]);

/** A text editor for TOML with the checker's problems beside the lines. */
export class Editor {
  readonly view: EditorView;
  onChange: (text: string) => void = () => {};

  constructor(holder: HTMLElement, text: string, save: () => void) {
    this.view = new EditorView({
      parent: holder,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), drawSelection(), history(), bracketMatching(),
          StreamLanguage.define(toml), syntaxHighlighting(colours), lintGutter(),
          keymap.of([{ key: "Mod-s", run: () => (save(), true) }, indentWithTab, ...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ "aria-label": "Scenario (TOML)", spellcheck: "false" }),
          EditorView.updateListener.of((u) => u.docChanged && this.onChange(this.text)),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Put another text in, as the smallest change, so that the cursor stays and undo works. */
  replace(text: string): void {
    const old = this.text;
    if (old === text) return;
    let start = 0;
    while (start < old.length && start < text.length && old[start] === text[start]) start++;
    let end = 0;
    while (end < old.length - start && end < text.length - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
    this.view.dispatch({ changes: { from: start, to: old.length - end, insert: text.slice(start, text.length - end) } });
  }

  show(problems: Problem[]): void {
    const doc = this.view.state.doc;
    const found: Diagnostic[] = problems.map((p) => {
      const line = doc.line(Math.min(Math.max(p.line, 1), doc.lines));
      return { from: line.from, to: line.to, severity: "error", message: `${p.where} ${p.message}` };
    });
    this.view.dispatch(setDiagnostics(this.view.state, found));
  }

  goto(line: number): void {
    const at = this.view.state.doc.line(Math.min(Math.max(line, 1), this.view.state.doc.lines));
    this.view.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: "center" }) });
    this.view.focus();
  }

  undo(): void {
    undo(this.view);
  }

  redo(): void {
    redo(this.view);
  }

  remove(): void {
    this.view.destroy();
  }
}
