import type { CalendarDate } from "@internationalized/date";
import { CalendarDays, ChevronLeft, ChevronRight, X } from "lucide-react";
import { useMemo } from "react";
import {
  DatePicker as AriaDatePicker,
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DateSegment,
  type DateValue,
  Dialog,
  Group,
  Heading,
  Popover,
  Text,
} from "react-aria-components";
import { classes } from "../../design/classes";
import type { DatePicker as DatePickerNode } from "../../gen/widget/DatePicker";
import overlay from "../../overlay/Overlay.module.css";
import { useAction } from "./actions";
import { dayOf, isoOf } from "./days";
import fields from "./fields.module.css";
import { useField } from "./forms";
import { boxClass } from "./look";
import { useNaming } from "./naming";
import styles from "./opening.module.css";
import { Wrong } from "./Wrong";

const css = classes(styles);
const base = classes(fields);
const over = classes(overlay);

/** A day, typed or taken from a calendar. What the server hears is a date and time; its own comes back as it was. */
export function DatePicker({ node }: { readonly node: DatePickerNode }) {
  const { press, blocked } = useAction(node.on_change, "choice");
  const isDisabled = node.disabled || blocked;
  const first = dayOf(node.value) === null ? null : node.value;
  const { value, set } = useField<string | null>(node.name, first, node.disabled);
  const naming = useNaming(node.name, node.placeholder);
  const day = useMemo(() => dayOf(value), [value]);
  const [least, most] = useMemo(() => [dayOf(node.min), dayOf(node.max)], [node.min, node.max]);

  function choose(next: DateValue | null) {
    const text = next === null ? null : isoOf(next as CalendarDate);
    if (text === value || (next !== null && day?.compare(next) === 0)) return;
    set(text);
    press({ name: node.name, value: text });
  }

  return (
    <div id={naming.id} className={base("field", node.block ? "wide" : "narrow")}>
      <AriaDatePicker
        {...naming.aria}
        {...(least === null ? {} : { minValue: least })}
        {...(most === null ? {} : { maxValue: most })}
        className={base("field")}
        value={day}
        onChange={choose}
        granularity="day"
        isDisabled={isDisabled}
        validationBehavior="native"
      >
        <div className={css("line")}>
          <Box node={node} isEmpty={day === null} />
          {node.clearable && day !== null && (
            <Button
              slot={null}
              className={css("small")}
              aria-label="Clear the date"
              isDisabled={isDisabled}
              onPress={() => choose(null)}
            >
              <X size={14} aria-hidden="true" />
            </Button>
          )}
        </div>
        <Wrong />
        <Popover className={over("popover")} placement={placementOf(node)}>
          <Month />
        </Popover>
      </AriaDatePicker>
    </div>
  );
}

/** Where the calendar opens: on a side, and along it at an end or in the middle. */
export function placementOf({ side, align }: Pick<DatePickerNode, "side" | "align">) {
  const at = side ?? "bottom";
  if (align === "center") return at;
  if (at === "top" || at === "bottom") return `${at} ${align ?? "start"}` as const;
  return `${at} ${align === "end" ? "bottom" : "top"}` as const;
}

function Box({ node, isEmpty }: { readonly node: DatePickerNode; readonly isEmpty: boolean }) {
  const waits = isEmpty && node.placeholder !== null;
  return (
    <Group className={`${boxClass(node)} ${css("date", waits && "waiting")}`}>
      {waits && (
        <span className={css("ghost")} aria-hidden="true">
          {node.placeholder}
        </span>
      )}
      <DateInput className={css("segments")}>
        {(segment) => <DateSegment segment={segment} className={css("segment")} />}
      </DateInput>
      {waits && (
        <Text slot="description" className="visually-hidden">
          {node.placeholder}
        </Text>
      )}
      <Button className={css("small")}>
        <CalendarDays size={14} aria-hidden="true" />
      </Button>
    </Group>
  );
}

function Month() {
  return (
    <Dialog className={css("calendar")}>
      <Calendar>
        <div className={css("head")}>
          <Button slot="previous" className={css("small")}>
            <ChevronLeft size={15} aria-hidden="true" />
          </Button>
          <Heading className={css("month")} />
          <Button slot="next" className={css("small")}>
            <ChevronRight size={15} aria-hidden="true" />
          </Button>
        </div>
        <CalendarGrid className={css("grid")}>
          <CalendarGridHeader>
            {(day) => <CalendarHeaderCell className={css("weekday")}>{day}</CalendarHeaderCell>}
          </CalendarGridHeader>
          <CalendarGridBody>{(date) => <CalendarCell date={date} className={css("day")} />}</CalendarGridBody>
        </CalendarGrid>
      </Calendar>
    </Dialog>
  );
}
