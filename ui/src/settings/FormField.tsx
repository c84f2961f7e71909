import type { ReactNode } from "react";
import {
  FieldError,
  Input,
  Label,
  Radio,
  RadioGroup,
  Text,
  TextArea,
  TextField,
} from "react-aria-components";
import { classes } from "../design/classes";
import type { FormField as Description } from "../gen/FormField";
import type { FormInput } from "../gen/FormInput";
import styles from "./ConnectionForm.module.css";
import { LockedDescription, LockedWords } from "./Locked";

const css = classes(styles);

/** What takes more than a line. */
const LINES: ReadonlySet<FormInput["type"]> = new Set(["json", "headers", "lines", "secret_headers"]);

/** A line, or lines, of text, with help below it or what is wrong with it. */
export function TextLine({
  label,
  value,
  onChange,
  error,
  children,
  input = "text",
  required = false,
  autoFocus = false,
  placeholder = "",
  isLocked = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | null;
  readonly children: ReactNode;
  readonly input?: Exclude<FormInput["type"], "choice">;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
  /** What is meant while it is empty. */
  readonly placeholder?: string;
  /** Whether the administrator has fixed it. */
  readonly isLocked?: boolean;
}) {
  const lines = LINES.has(input);
  return (
    <TextField
      className={css("field")}
      value={value}
      onChange={onChange}
      isInvalid={error !== null}
      isRequired={required}
      isReadOnly={isLocked}
      validationBehavior="aria"
      autoFocus={autoFocus}
      type={input === "secret" ? "password" : "text"}
      inputMode={input === "number" ? "numeric" : "text"}
      autoComplete="off"
      spellCheck="false"
    >
      <Label className={css("label")}>{label}</Label>
      {lines ? (
        <TextArea
          className={css("input", "lines")}
          rows={input === "json" ? 4 : 2}
          placeholder={placeholder}
        />
      ) : (
        <Input className={css("input")} placeholder={placeholder} />
      )}
      {error === null ? (
        <Text slot="description" className={css("help")}>
          {children}
          {isLocked && <LockedWords />}
        </Text>
      ) : (
        <FieldError className={css("error")}>{error}</FieldError>
      )}
    </TextField>
  );
}

/** One of a few, all in sight. */
export function Choices({
  label,
  value,
  onChange,
  choices,
  help,
  error = null,
  isLocked = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly help?: string;
  readonly error?: string | null;
  /** Whether the administrator has fixed it. */
  readonly isLocked?: boolean;
}) {
  return (
    <RadioGroup
      className={css("field")}
      value={value}
      onChange={onChange}
      isInvalid={error !== null}
      isReadOnly={isLocked}
      validationBehavior="aria"
    >
      <Label className={css("label")}>{label}</Label>
      <div className={css("options")}>
        {choices.map((choice) => (
          <Radio key={choice.value} value={choice.value} className={css("option")}>
            <span className={css("ring")} />
            {choice.label}
          </Radio>
        ))}
      </div>
      {error !== null && <FieldError className={css("error")}>{error}</FieldError>}
      {help !== undefined && error === null && (
        <Text slot="description" className={css("help")}>
          {help}
          {isLocked && <LockedWords />}
        </Text>
      )}
      {isLocked && help === undefined && error === null && <LockedDescription />}
    </RadioGroup>
  );
}

/** A field as the core describes it. The secret one is drawn by the form itself. */
export function FormField({
  field,
  value,
  onChange,
  error,
  autoFocus,
  placeholder = "",
  isLocked = false,
}: {
  readonly field: Description;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | null;
  readonly autoFocus: boolean;
  readonly placeholder?: string;
  readonly isLocked?: boolean;
}) {
  const { label, help, input, required } = field;
  if (input.type === "choice") {
    const chosen = value === "" ? (input.choices[0]?.value ?? "") : value;
    return (
      <Choices
        label={label}
        value={chosen}
        onChange={onChange}
        choices={input.choices}
        help={help}
        error={error}
        isLocked={isLocked}
      />
    );
  }
  return (
    <TextLine
      label={label}
      value={value}
      onChange={onChange}
      error={error}
      input={input.type}
      required={required}
      autoFocus={autoFocus}
      placeholder={placeholder}
      isLocked={isLocked}
    >
      {help}
    </TextLine>
  );
}
