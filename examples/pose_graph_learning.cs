#:property PublishAot=false
#:package Spectre.Console
#:project ../src/TheseusSharp/TheseusSharp.csproj

// The pose graphs of the Theseus paper: a quarter of the loop closures are wrong. Inside, Levenberg–Marquardt solves a
// batch of graphs with Welsch's loss on the closures; outside, the radius of that loss is learned, so that the poses
// found come near to the true ones. Judged on graphs that were not learned from, against a scan of fixed radii.
//
//     dotnet run examples/pose_graph_learning.cs                              256 poses, batches of 128: a minute
//     dotnet run examples/pose_graph_learning.cs -- --poses 64 --batch 8      seconds
//
// Other options: --epochs (20); --start, the logarithm of the first radius (3); --negate-gradient walks uphill, and
// shows that the check at the end can fail.

using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Learning;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using Column = TheseusSharp.Modelling.Column;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int poseCount = Option("--poses", 256), batch = Option("--batch", 128), epochs = Option("--epochs", 20);
double logRadius = Option("--start", 3.0), direction = args.Contains("--negate-gradient") ? -1 : 1;
const int batchesPerEpoch = 2, scanned = 40;

// One structure, of which each element of a batch has steps, noise and outliers of its own.
var cube = new SyntheticCubeOptions
{
    Poses = poseCount,
    StructureSeed = 1,
    TranslationNoise = 0.05,
    RotationNoise = 0.02,
    LoopClosureRatio = 0.2,
    OutlierRatio = 0.25,
};
PoseGraph structure = SyntheticCube.Generate(cube).Graph;
int[] from = structure.From.ToArray(), to = structure.To.ToArray();
int[] known = [.. Enumerable.Range(0, poseCount).Where(pose => pose % 10 == 0)];

// Inside: poses are optimised; measurements, known poses and the radius are given.
Variable<SE3<Scalar>>[] poses = Variable.Many<SE3<Scalar>>("pose", poseCount);
Variable<SE3<Scalar>>[] measurements = Variable.Many<SE3<Scalar>>("measurement", from.Length, VariableRole.Constant);
Variable<SE3<Scalar>>[] truths = Variable.Many<SE3<Scalar>>("truth", known.Length, VariableRole.Constant);
Variable<Scalar> radius = Variable.Scalar("log radius", VariableRole.Constant);
var objective = new Objective();
AddEdges("step", edge => to[edge] == from[edge] + 1, loss: null);
AddEdges("closure", edge => to[edge] != from[edge] + 1, RobustLoss.Welsch(radius));
objective.AddColumns(
    Column.Of(poses, known), Column.Of(truths), Difference.Residual, CostWeight.Scale(100), name: "known");
objective.AddColumns(
    Column.Of(poses), Difference.To(SE3<Scalar>.Identity), CostWeight.Scale(Math.Sqrt(1e-3)), name: "regularisation");
Console.WriteLine(objective);
var layer = new TheseusLayer(
    objective.Compile(),
    new LevenbergMarquardt { Damping = 1e-3, Rule = DampingRule.Ratios },
    Backward.Implicit(HessianKind.GaussNewton),
    new SolveOptions { MaxIterations = 10, StepSize = 0.75 });

// Outside: half the squared distance of each pose to the truth, differentiated by the same engine.
Function distance = Function.Compile(
    (SE3<Scalar> pose, SE3<Scalar> truth) => 0.5 * truth.Local(pose).SquaredNorm());

Batch[] training = [.. Enumerable.Range(0, batchesPerEpoch).Select(number => Generate(firstSeed: batch * number))];
Batch test = Generate(firstSeed: 1_000_000);
double before = Solve(test, logRadius).Loss, start = logRadius;
var adam = new Adam(0.1);
var clock = Stopwatch.StartNew();
Progress progress = AnsiConsole.Progress().Columns(
    new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
progress.Start(bars =>
{
    ProgressTask bar = bars.AddTask("learning", maxValue: epochs * batchesPerEpoch);
    for (int epoch = 1; epoch <= epochs; epoch++)
        foreach (Batch each in training)
        {
            (LayerPass pass, double loss) = Solve(each, logRadius);
            adam.Step(each.Values, pass.Backward(Slope(each), wanted: [radius]).Gradients, radius);
            logRadius = each.Values.Get(radius);
            bar.Description = $"epoch {epoch,2}: loss {loss:0.0000e0}, log radius {logRadius:F3}";
            bar.Increment(1);
        }
});
Console.WriteLine(
    $"learned in {clock.Elapsed.TotalSeconds:F1} s: the log radius went from {start:F3} to {logRadius:F3}");

(LayerPass last, double after) = Solve(test, logRadius);
double[] scan = [.. Enumerable.Range(0, scanned).Select(k => Solve(test, ScannedRadius(k)).Loss)];
double best = scan.Min();
int[] near = [.. Enumerable.Range(0, scanned).Where(k => scan[k] <= 1.02 * best)];
Console.WriteLine($"solver's kernel: {last.Result.Summary.Kernels[0]}");
Console.WriteLine($"outer kernel:    {distance.Report(FunctionPart.Gradient)}");
Console.WriteLine($"graphs not learned from: loss {before:0.0000e0} before, {after:0.0000e0} after;");
Console.WriteLine(
    $"best of {scanned} fixed log radii from {ScannedRadius(0)} to {ScannedRadius(scanned - 1)}: {best:0.0000e0} at " +
    $"{ScannedRadius(Array.IndexOf(scan, best)):F3}, within 2 % of that from {ScannedRadius(near[0]):F3} to " +
    $"{ScannedRadius(near[^1]):F3}; the worst {scan.Max():0.0000e0}");
if (!(after < before && after <= 1.02 * best))
{
    Console.Error.WriteLine("pose_graph_learning: the learned radius is not as good as the best fixed one");
    return 1;
}

return 0;

static double ScannedRadius(int k) => -2 + (12.0 * k / (scanned - 1));

T Option<T>(string name, T otherwise)
    where T : IParsable<T>
{
    int place = Array.IndexOf(args, name);
    return place < 0 ? otherwise : T.Parse(args[place + 1], CultureInfo.InvariantCulture);
}

void AddEdges(string name, Predicate<int> belongs, RobustLoss? loss)
{
    int[] edges = [.. Enumerable.Range(0, from.Length).Where(edge => belongs(edge))];
    objective.AddColumns(
        Column.Of(poses, Array.ConvertAll(edges, edge => from[edge])),
        Column.Of(poses, Array.ConvertAll(edges, edge => to[edge])),
        Column.Of(measurements, edges), Between.Residual, CostWeight.Diagonal(20, 20, 20, 50, 50, 50), loss, name);
}

// A batch of random walks through space, measured with noise; some closures are wrong altogether.
Batch Generate(int firstSeed)
{
    var values = new Values(batch);
    double[] truth = new double[7 * poseCount * batch];
    for (int element = 0; element < batch; element++)
    {
        SyntheticPoseGraph graph = SyntheticCube.Generate(cube with { Seed = firstSeed + element });
        for (int pose = 0; pose < poseCount; pose++)
        {
            values.SetElement(poses[pose], element, graph.Graph.Pose(pose));
            graph.GroundTruth.Slice(7 * pose, 7).CopyTo(truth.AsSpan(7 * ((pose * batch) + element)));
        }

        for (int edge = 0; edge < measurements.Length; edge++)
            values.SetElement(measurements[edge], element, graph.Graph.Measurement(edge));
        for (int k = 0; k < known.Length; k++)
            values.SetElement(truths[k], element, graph.GroundTruth.Slice(7 * known[k], 7));
    }

    return new(values, truth);
}

// Solves a batch with a radius, and tells the mean loss of a pose.
(LayerPass Pass, double Loss) Solve(Batch graphs, double log)
{
    graphs.Values.Set(radius, log);
    LayerPass pass = layer.Forward(graphs.Values);
    for (int k = 0; k < poseCount * batch; k++)
        pass.Solution.CopyTo(poses[k / batch], k % batch, graphs.Found.AsSpan(7 * k, 7));
    double[] losses = new double[poseCount * batch];
    distance.Evaluate([graphs.Found, graphs.Truth], losses);
    return (pass, losses.Average());
}

// The gradient of the mean loss by the poses found.
Gradients Slope(Batch graphs)
{
    double[] cotangents = new double[poseCount * batch], slopes = new double[6 * poseCount * batch];
    cotangents.AsSpan().Fill(direction / cotangents.Length);
    distance.Gradient([graphs.Found, graphs.Truth], cotangents, slopes, default);
    var gradients = new Gradients(batch);
    for (int pose = 0; pose < poseCount; pose++)
        gradients.Set(poses[pose], slopes.AsSpan(6 * batch * pose, 6 * batch));
    return gradients;
}

// A batch of problems; the true poses and those found last, each for element after element.
internal sealed record Batch(Values Values, double[] Truth)
{
    public double[] Found { get; } = new double[Truth.Length];
}
