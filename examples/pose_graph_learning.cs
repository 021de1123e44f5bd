#:property PublishAot=false
#:project ../src/TheseusSharp/TheseusSharp.csproj

// The pose graphs of the Theseus paper: a quarter of the loop closures are wrong. Inside, Levenberg–Marquardt solves a
// batch of graphs with Welsch's loss on the closures; outside, the radius of that loss is learned, so that the poses
// found come near to the true ones. Judged on graphs that were not learned from, against a scan of fixed radii.
//
//     dotnet run examples/pose_graph_learning.cs                               small: 64 poses, batches of 8
//     dotnet run examples/pose_graph_learning.cs -- --poses 256 --batch 128    as in the paper
//
// Other options: --epochs (20), --start, the logarithm of the first radius (3).

using System.Diagnostics;
using System.Globalization;
using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Learning;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int poseCount = Option("--poses", 64), batch = Option("--batch", 8), epochs = Option("--epochs", 20);
double current = Option("--start", 3);
const int scanned = 40, batchesPerEpoch = 2;
const double translationNoise = 0.05, rotationNoise = 0.02, outlierRatio = 0.25;

// One structure for all elements of all batches: who is joined to whom, and which poses are known.
PoseGraph structure = SyntheticCube.Generate(new() { Poses = poseCount, Seed = 1, LoopClosureRatio = 0.2 }).Graph;
int[] from = structure.From.ToArray(), to = structure.To.ToArray();
int[] steps = [.. Enumerable.Range(0, from.Length).Where(edge => to[edge] == from[edge] + 1)];
int[] closures = [.. Enumerable.Range(0, from.Length).Except(steps)];
int[] known = [.. Enumerable.Range(0, poseCount).Where(pose => pose % 10 == 0)];

// Inside: poses are optimised; measurements, known poses and the radius are given.
Variable<SE3<Scalar>>[] poses = Variable.Many<SE3<Scalar>>("pose", poseCount);
Variable<SE3<Scalar>>[] measurements = Variable.Many<SE3<Scalar>>("measurement", from.Length, VariableRole.Constant);
Variable<SE3<Scalar>>[] truths = Variable.Many<SE3<Scalar>>("truth", known.Length, VariableRole.Constant);
Variable<Scalar> logRadius = Variable.Scalar("log radius", VariableRole.Constant);
CostWeight weight = CostWeight.Diagonal(
    [.. Enumerable.Repeat(1 / translationNoise, 3), .. Enumerable.Repeat(1 / rotationNoise, 3)]);
var objective = new Objective();
AddEdges(steps, "step", loss: null);
AddEdges(closures, "closure", RobustLoss.Welsch(logRadius));
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
    (SE3<Scalar> pose, SE3<Scalar> truth) => 0.5 * truth.Local(pose).SquaredNorm()).WithRespectTo(0);

Sample[] training = [.. Enumerable.Range(0, batchesPerEpoch).Select(seed => Generate(new Random(seed)))];
Sample test = Generate(new Random(1000));
var adam = new Adam(0.1);
double before = Evaluate(test, current).Loss;
var clock = Stopwatch.StartNew();
for (int epoch = 1; epoch <= epochs; epoch++)
{
    double sum = 0;
    foreach (Sample sample in training)
    {
        (LayerPass pass, double loss, Gradients slope) = Evaluate(sample, current);
        sum += loss;
        adam.Step(sample.Values, pass.Backward(slope, wanted: [logRadius]).Gradients, logRadius);
        current = sample.Values.Get(logRadius);
    }

    Console.WriteLine(
        $"epoch {epoch,2} [{new string('#', 20 * epoch / epochs),-20}] loss {sum / batchesPerEpoch:E3}, " +
        $"log radius {current:F3}, {clock.Elapsed.TotalSeconds:F1} s");
}

double after = Evaluate(test, current).Loss, best = double.PositiveInfinity, bestRadius = 0;
for (int k = 0; k < scanned; k++)
{
    double fixedRadius = 8.0 * k / (scanned - 1);
    double loss = Evaluate(test, fixedRadius).Loss;
    if (loss < best)
        (best, bestRadius) = (loss, fixedRadius);
}

Console.WriteLine($"kernel: {distance.Report(FunctionPart.Jacobian)}");
Console.WriteLine(
    $"graphs not learned from: loss {before:E3} before, {after:E3} with the learned log radius {current:F3};");
Console.WriteLine($"best of {scanned} fixed radii: {best:E3} at log radius {bestRadius:F3}");
if (!(after < before && after <= 1.02 * best))
{
    Console.Error.WriteLine("pose_graph_learning: the learned radius is not as good as the best fixed one");
    return 1;
}

return 0;

int Option(string name, int otherwise)
{
    int place = Array.IndexOf(args, name);
    return place < 0 ? otherwise : int.Parse(args[place + 1], CultureInfo.InvariantCulture);
}

void AddEdges(int[] edges, string name, RobustLoss? loss) => objective.AddColumns(
    Column.Of(poses, Array.ConvertAll(edges, edge => from[edge])),
    Column.Of(poses, Array.ConvertAll(edges, edge => to[edge])),
    Column.Of(measurements, edges), Between.Residual, weight, loss, name);

// Solves a batch with a radius: the pass, the mean loss of a pose, and its gradient by the poses found.
(LayerPass Pass, double Loss, Gradients Slope) Evaluate(Sample sample, double log)
{
    sample.Values.Set(logRadius, log);
    LayerPass pass = layer.Forward(sample.Values);
    int total = poseCount * batch;
    double[] found = new double[7 * total], losses = new double[total], slopes = new double[6 * total];
    for (int k = 0; k < total; k++)
        pass.Solution.CopyTo(poses[k / batch], k % batch, found.AsSpan(7 * k, 7));
    distance.Jacobian([found, sample.Truth], losses, slopes);
    foreach (ref double entry in slopes.AsSpan())
        entry /= total;
    var slope = new Gradients(batch);
    for (int pose = 0; pose < poseCount; pose++)
        slope.Set(poses[pose], slopes.AsSpan(6 * batch * pose, 6 * batch));
    return (pass, losses.Sum() / total, slope);
}

// A batch of random walks through space, measured with noise; some closures are wrong altogether.
Sample Generate(Random random)
{
    var values = new Values(batch);
    double[] storage = new double[7 * poseCount * batch];
    for (int element = 0; element < batch; element++)
    {
        var truth = new SE3<Float64>[poseCount];
        truth[0] = SE3<Float64>.Identity;
        for (int pose = 0; pose < poseCount; pose++)
        {
            if (pose > 0)
                truth[pose] = (truth[pose - 1] * Uniform(random, 0.5, 1)).Normalize();
            values.Set(poses[pose], element, truth[pose]);
            values.CopyTo(poses[pose], element, storage.AsSpan(7 * ((pose * batch) + element), 7));
            values.Set(poses[pose], element, (truth[pose] * Noise(random)).Normalize());
        }

        for (int edge = 0; edge < from.Length; edge++)
        {
            bool isWrong = to[edge] != from[edge] + 1 && random.NextDouble() < outlierRatio;
            SE3<Float64> error = isWrong ? SE3<Float64>.Random(random) : Noise(random);
            values.Set(measurements[edge], element, (truth[from[edge]].Between(truth[to[edge]]) * error).Normalize());
        }

        for (int k = 0; k < known.Length; k++)
            values.Set(truths[k], element, truth[known[k]]);
    }

    return new(values, storage);
}

SE3<Float64> Noise(Random random) => Uniform(random, translationNoise, rotationNoise);

static SE3<Float64> Uniform(Random random, double translation, double rotation)
{
    double Next(double bound) => bound * ((2 * random.NextDouble()) - 1);
    return SE3<Float64>.Exp(
        [Next(translation), Next(translation), Next(translation), Next(rotation), Next(rotation), Next(rotation)]);
}

// A batch of problems; the true poses, each for element after element.
internal sealed record Sample(Values Values, double[] Truth);
