#:property PublishAot=false
#:project ../src/TheseusSharp/TheseusSharp.csproj

// Listing 1 of the Theseus paper: y = v·exp(x). The inner solver finds the v that fits data points best; outside, the x
// of the data points are learned, so that the v found is the true one. The gradient passes through the solver.
//
//     dotnet run examples/curve_fitting.cs
//
// -- --negate-gradient walks uphill, and shows that the check at the end can fail.

using System.Globalization;
using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Learning;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int count = 20;
const double trueV = 0.5;
double direction = args.Contains("--negate-gradient") ? -1 : 1;
var random = new Random(1);
double[] trueX = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
double[] wrongX = [.. trueX.Select(x => x + (0.6 * random.NextDouble()))];

// Inside: v is optimised, x and y are given.
Variable<Scalar> v = Variable.Scalar("v");
Variable<Vector<Scalar>> x = Variable.Vector("x", count, VariableRole.Constant);
Variable<Vector<Scalar>> y = Variable.Vector("y", count, VariableRole.Constant);
var objective = new Objective();
objective.Add(v, x, y, (v, x, y) => y - (v * x.Map(Scalar.Exp)));
var layer = new TheseusLayer(
    objective.Compile(), new GaussNewton(), Backward.Implicit(), new SolveOptions { MaxIterations = 10 });

var values = new Values();
values.Set(v, 1.0);
values.Set(x, wrongX);
values.Set(y, [.. trueX.Select(entry => trueV * Math.Exp(entry))]);

// Outside: the loss ½(v − v_true)², differentiated by the same engine.
Function loss = Function.Compile((Scalar found) => 0.5 * (found - trueV) * (found - trueV));
var adam = new Adam(0.03);
double first = 0, last = 0;
LayerPass pass = layer.Forward(values);
for (int epoch = 0; epoch <= 100; epoch++)
{
    double[] found = [pass.Solution.Get(v)], value = [0], slope = [0];
    loss.Evaluate([found], value);
    (first, last) = (epoch == 0 ? value[0] : first, value[0]);
    if (epoch % 20 == 0)
        Console.WriteLine($"epoch {epoch,3}: v = {found[0]:F6}, loss {value[0]:0.000e0}");
    loss.Gradient([found], new[] { direction }, slope);
    var outer = new Gradients();
    outer.Set(v, slope);
    adam.Step(values, pass.Backward(outer, wanted: [x]).Gradients);
    adam.LearningRate *= 0.97;   // it overshoots less and less
    pass = layer.Forward(values);
}

Console.WriteLine($"solver's kernel: {pass.Result.Summary.Kernels[0]}");
Console.WriteLine($"outer kernel:    {loss.Report(FunctionPart.Gradient)}");
if (!(last < 1e-4 * first))
{
    Console.Error.WriteLine($"curve_fitting: the loss went from {first:0.000e0} to {last:0.000e0}");
    return 1;
}

return 0;
