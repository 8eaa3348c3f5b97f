import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  label: string;
  /** One line of explanation. */
  hint?: string | undefined;
  disabled?: boolean;
}

interface NumberFieldProps extends FieldProps {
  value: number;
  min: number;
  max: number;
  step: number | "any";
  onChange: (value: number) => void;
}

/** A number to type; only numbers in the range are passed on. */
export function NumberField({ label, hint, value, min, max, step, disabled, onChange }: NumberFieldProps) {
  const id = useId();
  const read = (text: string) => {
    const number = Number(text);
    if (text.trim() !== "" && number >= min && number <= max) onChange(number);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        {...{ value, min, max, step }}
        disabled={disabled ?? false}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={({ currentTarget }) => read(currentTarget.value)}
      />
      {hint && <Hint id={`${id}-hint`}>{hint}</Hint>}
    </div>
  );
}

interface RangeFieldProps extends Omit<NumberFieldProps, "step"> {
  step: number;
  /** The value as the visitor reads it. */
  shown?: string;
}

/** A number to slide. */
export function RangeField({ label, hint, value, min, max, step, disabled, shown, onChange }: RangeFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{label}</label>
        <output for={id}>{shown ?? value}</output>
      </div>
      <input
        id={id}
        type="range"
        {...{ value, min, max, step }}
        disabled={disabled ?? false}
        aria-valuetext={shown}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={({ currentTarget }) => onChange(Number(currentTarget.value))}
      />
      {hint && <Hint id={`${id}-hint`}>{hint}</Hint>}
    </div>
  );
}

interface ChoiceFieldProps<Value extends string> extends FieldProps {
  value: Value;
  options: readonly { value: Value; title: string }[];
  onChange: (value: Value) => void;
}

/** One of a few. */
export function ChoiceField<Value extends string>(props: ChoiceFieldProps<Value>) {
  const { label, hint, value, options, disabled, onChange } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled ?? false}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={({ currentTarget }) => onChange(currentTarget.value as Value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.title}
          </option>
        ))}
      </select>
      {hint && <Hint id={`${id}-hint`}>{hint}</Hint>}
    </div>
  );
}

interface SwitchFieldProps extends FieldProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function SwitchField({ label, hint, checked, disabled, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <div class="field check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled ?? false}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && <Hint id={`${id}-hint`}>{hint}</Hint>}
    </div>
  );
}

function Hint({ id, children }: { id: string; children: ComponentChildren }) {
  return (
    <p class="hint" id={id}>
      {children}
    </p>
  );
}
