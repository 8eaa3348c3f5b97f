import { Component, type ComponentChild, h } from "preact";

/** A component that is drawn again only when one of its properties changes: long texts have thousands of them. */
export function memo<Properties extends object>(draw: (properties: Properties) => ComponentChild) {
  return class extends Component<Properties> {
    override shouldComponentUpdate(next: Properties): boolean {
      const before = this.props as Properties;
      return (Object.keys(next) as (keyof Properties)[]).some((name) => next[name] !== before[name]);
    }
    render(): ComponentChild {
      return h(draw as never, this.props as never);
    }
  };
}
