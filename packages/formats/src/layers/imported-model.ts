import { embeddedObjective } from "../objective.js";
import type { ImportedModel } from "../portable-model.js";
import { embeddedVocabulary } from "../vocabulary.js";
import type { Topology } from "./topology.js";

/** What a file of layers was found to say; `own` is what this package has put beside the layers, if it wrote the file. */
export interface FoundModel extends Pick<ImportedModel, "architecture" | "weights" | "source"> {
  readonly optimizer: ImportedModel["optimizer"] | undefined;
  readonly topology: Pick<Topology, "objective">;
  readonly own: { readonly vocabulary: string | undefined; readonly objective: unknown };
  /** Warnings so far; what `own` gives rise to joins them. */
  readonly notes: string[];
}

/** A model as readers return it: the objective that its layers tell stands where the file does not name one. */
export function importedModel({
  architecture,
  weights,
  optimizer,
  source,
  topology,
  own,
  notes,
}: FoundModel): ImportedModel {
  const vocabulary = embeddedVocabulary(own.vocabulary, architecture.vocabularySize, notes);
  const objective = embeddedObjective(own.objective, notes) ?? topology.objective;
  return {
    architecture,
    weights,
    ...(optimizer ? { optimizer } : {}),
    ...(vocabulary ? { vocabulary } : {}),
    objective,
    source,
    warnings: notes,
  };
}
