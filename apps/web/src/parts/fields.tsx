import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { formatNumber } from "../logic/format.js";

interface FieldProps {
  label: string;
  /** One line of explanation. */
  hint?: string | undefined;
  disabled?: boolean;
}

interface NumberFieldProps extends FieldProps {
  /** `undefined` is an empty field. */
  value: number | undefined;
  min: number;
  max: number;
  step: number | "any";
  onChange: (value: number) => void;
  /** Makes the field one that may be left empty. */
  onClear?: () => void;
}

/**
 * A number to type, taken when one leaves the field or presses Enter. One that can't be used is refused in words, and the
 * field goes back to the one that counts.
 */
export function NumberField({ label, hint, value, min, max, step, disabled, onChange, onClear }: NumberFieldProps) {
  const id = useId();
  /** What stands in the field while one types. */
  const [typed, setTyped] = useState<string>();
  /** What was typed last, if it was refused. */
  const [refused, setRefused] = useState<string>();
  useEffect(() => setRefused(undefined), [value]);

  const take = (text: string) => {
    const number = Number(text);
    const fits = text !== "" && number >= min && number <= max && (step === "any" || Number.isInteger(number));
    setTyped(undefined);
    setRefused(fits || text === "" ? undefined : text);
    if (fits) onChange(number);
    else if (text === "") onClear?.();
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        {...{ value: typed ?? value ?? "", min, max, step }}
        disabled={disabled ?? false}
        aria-describedby={hint || refused ? `${id}-hint` : undefined}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onChange={({ currentTarget }) => take(currentTarget.value)}
      />
      {refused ? (
        <p class="problem" id={`${id}-hint`} role="alert">
          {refused} can’t be used: {step === "any" ? "a number" : "a whole number"} from {formatNumber(min)} to{" "}
          {formatNumber(max)} is needed. It is still {value === undefined ? "empty" : formatNumber(value)}.
        </p>
      ) : (
        hint && <Hint id={`${id}-hint`}>{hint}</Hint>
      )}
    </div>
  );
}

interface RangeFieldProps extends Omit<NumberFieldProps, "value" | "step" | "onClear"> {
  value: number;
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
