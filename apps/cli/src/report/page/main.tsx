import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "@charlstm/look/theme.css";
import "./styles.css";
import type { ReportData } from "../report-data.js";
import { App } from "./app.js";

// Everything that a text says goes through Preact into text nodes; nothing here makes markup of a string.
const data = JSON.parse(document.getElementById("data")!.textContent!) as ReportData;
render(<App data={data} />, document.getElementById("app")!);
