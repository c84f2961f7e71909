import { File as FileIcon, Image as ImageIcon, RotateCcw, X } from "lucide-react";
import { useEffect, useState } from "react";
import { LightButton } from "../../design/Button";
import { classes } from "../../design/classes";
import type { DraftFile } from "../../gen/DraftFile";
import { useClient } from "../../state/context";
import { toComposer } from "../place";
import styles from "./Attachments.module.css";
import { progress } from "./words";

const css = classes(styles);

/** The files of the message that is being written, each with how far it has come. */
export function Attachments({ files }: { readonly files: readonly DraftFile[] }) {
  if (files.length === 0) return null;
  return (
    <ul className={css("files")} aria-label="Files of this message" data-testid="attachments">
      {files.map((file) => (
        <Chip key={file.id} file={file} />
      ))}
    </ul>
  );
}

function Chip({ file }: { readonly file: DraftFile }) {
  const client = useClient();
  const { state } = file;
  const told = progress(file);
  return (
    <li className={css("chip", state.type === "failed" && "failed")} data-state={state.type}>
      <Preview file={file} />
      <span className={css("text")}>
        <bdi className={css("name")}>{file.name}</bdi>
        <span className={css("told")}>{told}</span>
        {state.type === "uploading" && (
          <progress
            className={css("bar")}
            max={Math.max(file.size, 1)}
            value={Math.min(state.sent, file.size)}
            aria-label={`Uploading ${file.name}`}
          />
        )}
      </span>
      {state.type === "failed" && state.can_retry && (
        <LightButton label={`Upload ${file.name} again`} onPress={() => client.files.retry(file.id)}>
          <RotateCcw size={14} />
        </LightButton>
      )}
      <LightButton
        label={`Remove ${file.name}`}
        onPress={() => {
          client.files.remove(file.id);
          // The button is gone with the file; the person goes on writing.
          toComposer();
        }}
      >
        <X size={14} />
      </LightButton>
    </li>
  );
}

/** A small picture of a picture, where the core has one. */
function Preview({ file: { id, mime_type: kind } }: { readonly file: DraftFile }) {
  const client = useClient();
  const isPicture = kind.startsWith("image/");
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!isPicture) return;
    let wanted = true;
    let made: string | null = null;
    // Without a picture there is the icon.
    const take = (found: Blob | null) => {
      if (!wanted || found === null) return;
      made = URL.createObjectURL(found);
      setUrl(made);
    };
    client.host.attachmentPreview(id).then(take, () => undefined);
    return () => {
      wanted = false;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [client, id, isPicture]);
  if (url !== null) return <img className={css("picture")} src={url} alt="" />;
  const Icon = isPicture ? ImageIcon : FileIcon;
  return <Icon className={css("icon")} size={16} aria-hidden="true" />;
}
