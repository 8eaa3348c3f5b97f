import type { TabName } from "../state/tab.js";

interface TabsProps {
  tabs: readonly { name: TabName; title: string }[];
  chosen: TabName;
  onChoose: (name: TabName) => void;
}

/** The parts of the page; arrow keys move between them. */
export function Tabs({ tabs, chosen, onChoose }: TabsProps) {
  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
    const step = steps[event.key];
    if (!step) return;
    const index = tabs.findIndex(({ name }) => name === chosen);
    const { name } = tabs[(index + step + tabs.length) % tabs.length]!;
    onChoose(name);
    document.getElementById(`tab-${name}`)?.focus();
    event.preventDefault();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Parts of this page" onKeyDown={move}>
      {tabs.map(({ name, title }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-controls="panel"
          aria-selected={name === chosen}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
