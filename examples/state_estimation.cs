#:property PublishAot=false
#:project ../src/TheseusSharp/TheseusSharp.csproj

// A path in the plane, from GPS and odometry. In town GPS is poor and odometry good; in the country it is the other way
// round. How much to trust which is not known: the weights of the cost functions are learned, so that paths come near
// to the true ones. Judged on paths that were not learned from, against the weights that the noise justifies.
//
//     dotnet run examples/state_estimation.cs            or, for longer: -- --epochs 500

using System.Globalization;
using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Learning;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int count = 50, batch = 16;
int epochs = args is ["--epochs", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 100;
string[] regions = ["country", "town"];
double[] gpsNoise = [0.1, 1], odometryNoise = [0.4, 0.04];
int RegionOf(int k) => k / 10 % 2;

// Inside: the path is optimised; what was measured, and the weights, are given.
Variable<Point2<Scalar>>[] path = Variable.Many<Point2<Scalar>>("path", count);
Variable<Point2<Scalar>>[] gps = Variable.Many<Point2<Scalar>>("gps", count, VariableRole.Constant);
Variable<Point2<Scalar>>[] steps = Variable.Many<Point2<Scalar>>("step", count - 1, VariableRole.Constant);
Variable<Scalar>[] gpsWeights = Variable.Many<Scalar>("log GPS weight ", 2, VariableRole.Constant);
Variable<Scalar>[] odometryWeights = Variable.Many<Scalar>("log odometry weight ", 2, VariableRole.Constant);
Variable[] learned = [.. gpsWeights, .. odometryWeights];
var objective = new Objective();
for (int region = 0; region < regions.Length; region++)
{
    int[] here = [.. Enumerable.Range(0, count).Where(k => RegionOf(k) == region)];
    int[] from = [.. here.Where(k => k + 1 < count)], to = [.. from.Select(k => k + 1)];
    objective.AddColumns(
        Column.Of(path, here), Column.Of(gps, here), Column.Shared(gpsWeights[region]),
        (x, measured, log) => (x - measured) * Scalar.Exp(log), name: $"GPS, {regions[region]}");
    objective.AddColumns(
        Column.Of(path, from), Column.Of(path, to), Column.Of(steps, from), Column.Shared(odometryWeights[region]),
        (a, b, measured, log) => (b - a - measured) * Scalar.Exp(log), name: $"odometry, {regions[region]}");
}

Console.WriteLine(objective);
var layer = new TheseusLayer(
    objective.Compile(), new GaussNewton(), Backward.Unroll(), new SolveOptions { MaxIterations = 3, StepSize = 0.9 });

// Outside: the squared distance of each point to the true one, differentiated by the same engine.
Function distance = Function.Compile(
    (Point2<Scalar> found, Point2<Scalar> truth) => (found - truth).SquaredNorm()).WithRespectTo(0);

Sample training = Generate(new Random(1)), test = Generate(new Random(2));
foreach (Variable weight in learned)
{
    training.Values.Set(weight, 0.0);
    test.Values.Set(weight, 0.0);
}

double before = Evaluate(test).Loss;
var adam = new Adam(5e-2);
for (int epoch = 1; epoch <= epochs; epoch++)
{
    (LayerPass pass, double loss, Gradients slope) = Evaluate(training);
    adam.Step(training.Values, pass.Backward(slope, wanted: learned).Gradients, learned);
    if (epoch % Math.Max(1, epochs / 5) == 0)
        Console.WriteLine($"epoch {epoch,3}: loss {loss:F5}");
}

foreach (Variable<Scalar> weight in learned)
    test.Values.Set(weight, training.Values.Get(weight));
double after = Evaluate(test).Loss;
for (int region = 0; region < regions.Length; region++)
{
    double found = training.Values.Get(gpsWeights[region]) - training.Values.Get(odometryWeights[region]);
    Console.WriteLine(
        $"{regions[region],-7}: GPS counts {Math.Exp(found):F3} times as much as odometry, " +
        $"{odometryNoise[region] / gpsNoise[region]:F3} by their noise");
    test.Values.Set(gpsWeights[region], -Math.Log(gpsNoise[region]));
    test.Values.Set(odometryWeights[region], -Math.Log(odometryNoise[region]));
}

double justified = Evaluate(test).Loss;
Console.WriteLine($"kernel: {distance.Report(FunctionPart.Jacobian)}");
Console.WriteLine(
    $"paths not learned from: loss {before:F5} before, {after:F5} learned, {justified:F5} with weights by the noise");
if (!(after < 0.75 * before && after < 1.05 * justified))
{
    Console.Error.WriteLine("state_estimation: the weights learned are not as good as those of the noise");
    return 1;
}

return 0;

// Solves a batch: the pass, the mean loss of a point, and its gradient by the points found.
(LayerPass Pass, double Loss, Gradients Slope) Evaluate(Sample sample)
{
    LayerPass pass = layer.Forward(sample.Values);
    double[] found = new double[2 * count * batch], slopes = new double[found.Length];
    double[] losses = new double[count * batch];
    for (int k = 0; k < losses.Length; k++)
        pass.Solution.CopyTo(path[k / batch], k % batch, found.AsSpan(2 * k, 2));
    distance.Jacobian([found, sample.Truth], losses, slopes);
    foreach (ref double entry in slopes.AsSpan())
        entry /= losses.Length;
    var slope = new Gradients(batch);
    for (int k = 0; k < count; k++)
        slope.Set(path[k], slopes.AsSpan(2 * batch * k, 2 * batch));
    return (pass, losses.Average(), slope);
}

// A batch of random walks, measured with noise.
Sample Generate(Random random)
{
    var values = new Values(batch);
    double[] truth = new double[2 * count * batch];
    for (int element = 0; element < batch; element++)
    {
        Point2<Float64> here = Normal(random, 1), next = here;
        for (int k = 0; k < count; k++, here = next)
        {
            next = here + Normal(random, 1);
            Point2<Float64> seen = here + Normal(random, gpsNoise[RegionOf(k)]);
            values.Set(gps[k], element, seen);
            values.Set(path[k], element, seen);
            if (k + 1 < count)
                values.Set(steps[k], element, next - here + Normal(random, odometryNoise[RegionOf(k)]));
            int place = 2 * ((k * batch) + element);
            (truth[place], truth[place + 1]) = (here.X, here.Y);
        }
    }

    return new(values, truth);
}

// Box and Muller's two normal numbers.
static Point2<Float64> Normal(Random random, double deviation)
{
    double radius = deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
    double angle = 2 * Math.PI * random.NextDouble();
    return new(radius * Math.Cos(angle), radius * Math.Sin(angle));
}

// A batch of problems; the true points, each for element after element.
internal sealed record Sample(Values Values, double[] Truth);
