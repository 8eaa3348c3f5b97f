/** One cell: what it holds goes along the top, past a gate that lets go and one that writes; a third tells of it. */
export function CellPicture() {
  return (
    <svg class="cell-picture" viewBox="0 0 420 190" role="img" aria-labelledby="cell-picture-title">
      <title id="cell-picture-title">
        A cell. Its number comes in from the left, is multiplied at the forget gate, has what the input gate lets
        through added, and goes on to the right. The output gate lets a share of it out below.
      </title>
      <defs>
        <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8z" />
        </marker>
      </defs>
      <g class="lines" marker-end="url(#tip)">
        <path d="M10 50H98" />
        <path d="M126 50H206" />
        <path d="M234 50H412" />
        <path d="M112 132V66" />
        <path d="M220 132V66" />
        <path d="M330 50V96" />
        <path d="M290 146C300 130 306 118 314 114" />
        <path d="M344 110H412" />
      </g>
      <g class="operations">
        <circle cx="112" cy="50" r="14" />
        <circle cx="220" cy="50" r="14" />
        <circle cx="330" cy="110" r="14" />
        <text x="112" y="50">
          ×
        </text>
        <text x="220" y="50">
          +
        </text>
        <text x="330" y="110">
          ×
        </text>
      </g>
      <g class="words">
        <text x="10" y="36" class="start">
          what it held
        </text>
        <text x="412" y="36" class="end">
          what it holds now
        </text>
        <text x="412" y="98" class="end">
          told
        </text>
        <text x="112" y="148">
          forget gate
        </text>
        <text x="112" y="166">
          how much stays
        </text>
        <text x="226" y="148">
          input gate
        </text>
        <text x="226" y="166">
          what is new
        </text>
        <text x="318" y="162">
          output gate
        </text>
      </g>
    </svg>
  );
}
