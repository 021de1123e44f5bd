#:property PublishAot=false
#:project ../src/TheseusSharp/TheseusSharp.csproj

// A path in the plane, from GPS and odometry. Where the view of the sky is free, GPS is good and odometry poor; where
// it is not, it is the other way round. How much to trust which is not known: weights, as functions of the view, are
// learned. Two outer losses do that, each judged on paths that were not learned from:
//
//   MSE: the squared distance of the path found to the true one;
//   LEO: the energy of the true path less the mean energy of samples around the path found (P. Sodhi et al., "LEO:
//        Learning Energy-based Models in Factor Graph Optimization", 2021): makes the true path likely.
//
// MSE learns how GPS and odometry compare; LEO also learns their absolute scale, one over the noise.
//
//     dotnet run examples/state_estimation.cs            or, for longer: -- --epochs 500
//
// --negate-gradient walks uphill, and shows that the check at the end can fail.

using System.Globalization;
using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Learning;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using TheseusSharp.Uncertainty;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int count = 50, batch = 16, samplesPerPath = 10;
int place = Array.IndexOf(args, "--epochs");
int epochs = place < 0 ? 200 : int.Parse(args[place + 1], CultureInfo.InvariantCulture);
double direction = args.Contains("--negate-gradient") ? -1 : 1;

// The view of the sky, from 0 to 1, is known. How noise depends on it is what has to be found out.
double[] view = [.. Enumerable.Range(0, count).Select(k => 0.5 + (0.5 * Math.Sin(0.3 * k)))];

// Inside: the path is optimised; what was measured, and the weights of GPS and odometry, are given.
Variable<Point2<Scalar>>[] path = Variable.Many<Point2<Scalar>>("path", count);
Variable<Point2<Scalar>>[] gps = Variable.Many<Point2<Scalar>>("gps", count, VariableRole.Constant);
Variable<Point2<Scalar>>[] steps = Variable.Many<Point2<Scalar>>("step", count - 1, VariableRole.Constant);
Variable<Point2<Scalar>>[] weights = Variable.Many<Point2<Scalar>>("weights", count, VariableRole.Constant);
int[] starts = [.. Enumerable.Range(0, count - 1)], ends = [.. Enumerable.Range(1, count - 1)];
var objective = new Objective();
objective.AddColumns(
    Column.Of(path), Column.Of(gps), Column.Of(weights),
    (here, measured, weights) => (here - measured) * weights.X, name: "GPS");
objective.AddColumns(
    Column.Of(path, starts), Column.Of(path, ends), Column.Of(steps), Column.Of(weights, starts),
    (here, next, measured, weights) => (next - here - measured) * weights.Y, name: "odometry");
Console.WriteLine(objective);
Problem problem = objective.Compile();

// The costs are linear: one step of Gauss-Newton is all. (LEO asks for the minimum: what is missing to it is energy.)
var layer = new TheseusLayer(problem, new GaussNewton(), Backward.Unroll(), new SolveOptions { MaxIterations = 1 });

// Outside: a map from four learned parameters to the weights at a view; the squared distance of a point to the true
// one. The engine differentiates both.
Variable<Vector<Scalar>> parameters = Variable.Vector("parameters", 4);
Function weightsAt = Function.Compile(
    (Vector<Scalar> p, Scalar view) =>
        new Point2<Scalar>(Scalar.Exp(p[0] + (p[1] * view)), Scalar.Exp(p[2] + (p[3] * view))),
    [Shape.Vector(4)]);
Function distance = Function.Compile((Point2<Scalar> found, Point2<Scalar> truth) => (found - truth).SquaredNorm());

Paths training = Generate(new Random(1)), test = Generate(new Random(2));
var samples = new Random(3);
double[] byMse = Learn("MSE", MseGradient), byLeo = Learn("LEO", LeoGradient);
double[] byNoise = [0, Math.Log(10), -Math.Log(0.04), -Math.Log(10)];
double before = MeanSquare(test, [0, 0, 0, 0]), justified = MeanSquare(test, byNoise);
double afterMse = MeanSquare(test, byMse), afterLeo = MeanSquare(test, byLeo);

Console.WriteLine("weights of GPS, odometry     by MSE             by LEO        one over the noise");
double worst = 1;
foreach (double free in (double[])[0, 0.5, 1])
{
    double[] mse = Weights(byMse, free), leo = Weights(byLeo, free), noise = Weights(byNoise, free);
    Console.WriteLine($"  view {free:F1}         {Pair(mse)}{Pair(leo)}{Pair(noise)}");
    for (int k = 0; k < 2; k++)
        worst = Math.Max(worst, Math.Max(leo[k] / noise[k], noise[k] / leo[k]));
}

Console.WriteLine($"solver's kernel: {layer.Forward(test.Values).Result.Summary.Kernels[0]}");
Console.WriteLine($"outer kernel:    {distance.Report(FunctionPart.Gradient)}");
Console.WriteLine(
    $"mean square error on paths not learned from: {before:F5} before, {afterMse:F5} by MSE, {afterLeo:F5} by LEO, " +
    $"{justified:F5} with weights by the noise; LEO's weights are off by a factor of {worst:F2} at most");
double allowed = 1.05 * justified;
if (!(justified < 0.75 * before && afterMse < allowed && afterLeo < allowed && worst < 1.35))
{
    Console.Error.WriteLine("state_estimation: the weights learned are not as good as those of the noise");
    return 1;
}

return 0;

static string Pair(double[] weights) => $"{weights[0],9:F2},{weights[1],6:F2}   ";

double[] Weights(double[] learned, params double[] views)
{
    double[] result = new double[2 * views.Length];
    weightsAt.Evaluate([learned, views], result);
    return result;
}

// Learns by a loss, of which a function tells the gradient by the weights.
double[] Learn(string name, Func<LayerPass, Gradients> gradientOf)
{
    double[] now = [0, 0, 0, 0], slopes = new double[4 * count];
    var learned = new Values(count);   // a batch of views: what it shares moves by the sum of the gradients
    learned.Set(parameters, now);
    var adam = new Adam(5e-2);
    for (int epoch = 1; epoch <= epochs; epoch++)
    {
        LayerPass pass = Solve(training, now);
        if (epoch % Math.Max(1, epochs / 5) == 0)
            Console.WriteLine($"{name}, epoch {epoch,3}: mean square error {Distances(training, pass).Average():F5}");
        Gradients byWeights = gradientOf(pass);
        double[] cotangents = [.. weights.SelectMany(each => byWeights.SumOf(each))];
        weightsAt.Gradient([now, view], cotangents, slopes, default);
        var gradients = new Gradients(count);
        gradients.Set(parameters, slopes);
        adam.Step(learned, gradients);
        adam.LearningRate *= epoch > epochs / 2 ? 0.97 : 1;   // samples make LEO's gradients noisy
        learned.CopyTo(parameters, 0, now);
    }

    return now;
}

// The mean squared distance: from the points found back through the solver.
Gradients MseGradient(LayerPass pass)
{
    double[] cotangents = new double[count * batch], slopes = new double[2 * count * batch];
    cotangents.AsSpan().Fill(direction / cotangents.Length);
    distance.Gradient([Found(pass), training.Truth], cotangents, slopes, default);
    var gradients = new Gradients(batch);
    for (int k = 0; k < count; k++)
        gradients.Set(path[k], slopes.AsSpan(2 * batch * k, 2 * batch));
    return pass.Backward(gradients, wanted: weights).Gradients;
}

// LEO's loss does not pass through the solver: samples count as given.
Gradients LeoGradient(LayerPass pass)
{
    var sum = new double[2 * count];
    Values truth = pass.Solution.Clone();
    for (int k = 0; k < count; k++)
        truth.Set(path[k], training.Truth.AsSpan(2 * batch * k, 2 * batch));
    AddEnergyGradient(truth, direction / batch);
    for (int element = 0; element < batch; element++)
    {
        using LaplaceApproximation around = LaplaceApproximation.At(problem, pass.Solution, element);
        AddEnergyGradient(around.Sample(samplesPerPath, samples), -direction / (batch * samplesPerPath));
    }

    var gradients = new Gradients();
    for (int k = 0; k < count; k++)
        gradients.Set(weights[k], sum.AsSpan(2 * k, 2));
    return gradients;

    void AddEnergyGradient(Values at, double factor)
    {
        double[] factors = new double[at.BatchSize];
        factors.AsSpan().Fill(factor);
        Gradients energy = problem.Evaluate(at).Backward(factors, wanted: weights);
        for (int k = 0; k < sum.Length; k++)
            sum[k] += energy.SumOf(weights[k / 2])[k % 2];
    }
}

LayerPass Solve(Paths paths, double[] learned)
{
    double[] found = Weights(learned, view);
    for (int k = 0; k < count; k++)
        paths.Values.Set(weights[k], found.AsSpan(2 * k, 2));
    return layer.Forward(paths.Values);
}

double MeanSquare(Paths paths, double[] learned) => Distances(paths, Solve(paths, learned)).Average();

double[] Distances(Paths paths, LayerPass pass)
{
    double[] distances = new double[count * batch];
    distance.Evaluate([Found(pass), paths.Truth], distances);
    return distances;
}

double[] Found(LayerPass pass)
{
    double[] found = new double[2 * count * batch];
    for (int k = 0; k < count * batch; k++)
        pass.Solution.CopyTo(path[k / batch], k % batch, found.AsSpan(2 * k, 2));
    return found;
}

// A batch of random walks, measured with noise. Where the view is free, GPS errs by 0.1 and odometry by 0.4; where
// there is none, by 1 and 0.04.
Paths Generate(Random random)
{
    var values = new Values(batch);
    double[] truth = new double[2 * count * batch];
    for (int element = 0; element < batch; element++)
    {
        Point2<Float64> here = Normal(random, 1), next = here;
        for (int k = 0; k < count; k++, here = next)
        {
            next = here + Normal(random, 1);
            Point2<Float64> seen = here + Normal(random, Math.Pow(10, -view[k]));
            values.Set(gps[k], element, seen);
            values.Set(path[k], element, seen);
            if (k + 1 < count)
                values.Set(steps[k], element, next - here + Normal(random, 0.04 * Math.Pow(10, view[k])));
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
internal sealed record Paths(Values Values, double[] Truth);
