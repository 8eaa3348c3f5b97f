import { useEffect, useState } from "preact/hooks";

export type Theme = "light" | "dark";

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/** The scheme of the system until the reader chooses one. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [system, setSystem] = useState<Theme>(prefersDark.matches ? "dark" : "light");
  const [chosen, setChosen] = useState<Theme>();
  useEffect(() => {
    const follow = () => setSystem(prefersDark.matches ? "dark" : "light");
    prefersDark.addEventListener("change", follow);
    return () => prefersDark.removeEventListener("change", follow);
  }, []);
  const choose = (theme: Theme) => {
    document.documentElement.dataset.theme = theme;
    setChosen(theme);
  };
  return [chosen ?? system, choose];
}

export function ThemeSwitch({ theme, onChange }: { theme: Theme; onChange(theme: Theme): void }) {
  const other = theme === "dark" ? "light" : "dark";
  return (
    <button type="button" class="theme" onClick={() => onChange(other)}>
      {other === "dark" ? "Dark" : "Light"} colours
    </button>
  );
}
