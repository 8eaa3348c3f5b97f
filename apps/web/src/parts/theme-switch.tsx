import { effect, signal } from "@preact/signals";

type Theme = "auto" | "light" | "dark";

const key = "charlstm theme";
const next: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const titles: Record<Theme, string> = { auto: "as the system", light: "light", dark: "dark" };
const signs: Record<Theme, string> = { auto: "◐", light: "☀", dark: "☾" };

const saved = localStorage.getItem(key);
export const theme = signal<Theme>(saved === "light" || saved === "dark" ? saved : "auto");

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  localStorage.setItem(key, theme.value);
});

export function ThemeSwitch() {
  const label = `Colours: ${titles[theme.value]}; change to ${titles[next[theme.value]]}`;
  return (
    <button type="button" class="quiet round" title={label} onClick={() => (theme.value = next[theme.value])}>
      <span aria-hidden="true">{signs[theme.value]}</span>
      <span class="unseen">{label}</span>
    </button>
  );
}
