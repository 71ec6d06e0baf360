// The model of bench_outlook.py in Squiggle. Reads the case as JSON from standard input, writes time, peak memory and medians.
// Needs @quri/squiggle-lang: set SQUIGGLE to the folder that holds its node_modules.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const draws = Number(process.argv[2]);
const { constants: c, ranges } = JSON.parse(readFileSync(0, "utf8"));
const resolve = createRequire(`${process.env.SQUIGGLE ?? process.cwd()}/`).resolve;
const { run } = await import(pathToFileURL(resolve("@quri/squiggle-lang")).href);

const drawn = Object.entries(ranges).map(([name, corners]) => `${name} = SampleSet.fromDist(triangular(${corners.join(", ")}))`);
const source = `
${drawn.join("\n")}
rounded_up(x) = SampleSet.map(x, {|v| ceil(v - 1e-9)})
larger(x, y) = SampleSet.map2(x, y, {|v, w| max([v, w])})
smaller(x, limit) = SampleSet.map(x, {|v| min([v, limit])})
servers(agents, ram, cpu) = larger(
  rounded_up((agents * ${c.ram_per_agent} + ram) / ${c.server_ram}),
  rounded_up((agents * ${c.cpu_per_agent} + cpu) / ${c.server_cpu})
)
week = engineer_cost / 52
people = engineer_cost / 12
resident = larger(hours, smaller(hours + ${c.idle_hours}, ${c.lifetime_hours}))
whole = SampleSet.map2(resident, hours + ${c.full_memory_hours}, {|v, w| min([v, w])})
reduced = whole + (resident - whole) * ${c.residual_memory_share}
per_session = (${c.input * c.input_price} + cache_read * ${c.cache_read_price} + output * ${c.output_price}) / 1e6
monthly(agents) = {
  sessions = agents * ${c.sessions_per_month}
  tokens = sessions * per_session
  active = sessions * hours
  cpu = active * ${c.vcpu} * cpu_busy_share
  [
    tokens + active * ${c.session_price} + managed_upkeep * people,
    tokens + cpu * ${c.v1_cpu} + sessions * resident * ${c.memory_gb * c.v1_memory} + v1_upkeep * people,
    tokens + cpu * ${c.v2_cpu} + sessions * reduced * ${c.memory_gb * c.v2_memory} + ${c.v2_upkeep} * people,
    tokens + servers(agents, 0, 0) * ${c.server_price} + vps_upkeep * people,
    tokens + servers(agents, ${c.control_ram}, ${c.control_cpu}) * ${c.server_price} + multica_upkeep * people
  ]
}
upfront = [
  ${["managed-agents", "agentcore-v1", "agentcore-v2"].map((o) => `week * ${c[o + " build"] + c.leaving * c[o + " exit"]}`).join(",\n  ")},
  (vps_build + ${c.leaving * c["vps exit"]}) * week,
  (multica_build + ${c.leaving * c["multica exit"]}) * week
]
total = List.reduce(List.upTo(1, 36), upfront, {|sum, month|
  bill = monthly(${c.agents} + (agents_later - ${c.agents}) * ((min([month, 12]) - 1) / 11))
  List.map(List.upTo(0, 4), {|i| sum[i] + bill[i]})
})
List.map(total, {|t| quantile(t, 0.5)})
`;
const start = performance.now();
const { result } = await run(source, { environment: { sampleCount: draws, xyPointLength: 1000, seed: "1" } });
if (!result.ok) {
  console.error(result.value.toString());
  process.exit(1);
}
const medians = result.value.result.asJS();
const seconds = (performance.now() - start) / 1000;
const options = ["managed-agents", "agentcore-v1", "agentcore-v2", "vps", "multica"];
console.log(JSON.stringify({
  seconds,
  peak_mb: process.resourceUsage().maxRSS / 1024,
  medians: Object.fromEntries(options.map((option, i) => [option, medians[i]])),
}));
