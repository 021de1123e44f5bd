using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Linearization;

/// <summary>A weight, and the square matrix that it is.</summary>
internal sealed record DenseWeight(CostWeight Weight, double[] Matrix)
{
    public static DenseWeight Diagonal(params double[] diagonal)
    {
        double[] matrix = new double[diagonal.Length * diagonal.Length];
        for (int k = 0; k < diagonal.Length; k++)
            matrix[k * (diagonal.Length + 1)] = diagonal[k];
        return new(CostWeight.Diagonal(diagonal), matrix);
    }

    public static DenseWeight Full(double[] matrix) => new(CostWeight.SquareRootInformation(matrix), matrix);
}

/// <summary>A loss, and its closed forms: ρ and ρ′.</summary>
internal sealed record DenseLoss(
    RobustLoss Loss, Func<DoubleDouble, DoubleDouble> Rho, Func<DoubleDouble, DoubleDouble> Slope)
{
    public static DenseLoss Huber(double radius) => new(
        RobustLoss.Huber(radius),
        x => x.Hi <= radius ? x : (2.0 * DoubleDouble.Sqrt(radius * x)) - radius,
        x => x.Hi <= radius ? 1.0 : DoubleDouble.Sqrt(radius / x));

    public static DenseLoss Welsch(double radius) => new(
        RobustLoss.Welsch(radius),
        x => radius - (radius * DoubleDouble.Exp(-x / radius)),
        x => DoubleDouble.Exp(-x / radius));
}

/// <summary>
/// An objective, and every cost function in it as the oracle knows it: traced by itself, walked in double-double,
/// differentiated by differences; weight and loss by their definitions. It knows neither groups nor kernels nor blocks.
/// </summary>
internal sealed class DenseModel
{
    private readonly List<DenseTerm> _terms = [];

    public Objective Objective { get; } = new();

    public void Add<T1, TResult>(
        Variable<T1> x1, Func<T1, TResult> residual, DenseWeight? weight = null, DenseLoss? loss = null)
        where T1 : IStorable<T1, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        Objective.Add(x1, residual, weight?.Weight, loss?.Loss);
        FunctionTrace trace = Trace(x1);
        AddTerm(trace.Returns(residual(trace.Argument<T1>())), weight, loss, x1);
    }

    public void Add<T1, T2, TResult>(
        Variable<T1> x1, Variable<T2> x2, Func<T1, T2, TResult> residual, DenseWeight? weight = null,
        DenseLoss? loss = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        Objective.Add(x1, x2, residual, weight?.Weight, loss?.Loss);
        FunctionTrace trace = Trace(x1, x2);
        AddTerm(trace.Returns(residual(trace.Argument<T1>(), trace.Argument<T2>())), weight, loss, x1, x2);
    }

    public void Add<T1, T2, T3, TResult>(
        Variable<T1> x1, Variable<T2> x2, Variable<T3> x3, Func<T1, T2, T3, TResult> residual,
        DenseWeight? weight = null, DenseLoss? loss = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        Objective.Add(x1, x2, x3, residual, weight?.Weight, loss?.Loss);
        FunctionTrace trace = Trace(x1, x2, x3);
        AddTerm(
            trace.Returns(residual(trace.Argument<T1>(), trace.Argument<T2>(), trace.Argument<T3>())),
            weight, loss, x1, x2, x3);
    }

    /// <summary>½Σρ, Σρ′Jᵀe and Σρ′JᵀJ in the order of a problem's variables.</summary>
    public DenseSystem Linearize(Problem problem, Values values)
    {
        var system = new DenseSystem(problem);
        foreach (DenseTerm term in _terms)
            term.AddTo(system, values);
        return system;
    }

    private static FunctionTrace Trace(params Variable[] variables) =>
        new([.. variables.Where(IsVector).Select(variable => Shape.Vector(variable.Kind.StorageLength))]);

    private static bool IsVector(Variable variable) => variable is Variable<Vector<Scalar>>;

    private void AddTerm(FunctionTrace trace, DenseWeight? weight, DenseLoss? loss, params Variable[] variables) =>
        _terms.Add(new(variables, new WalkedFunction(trace), weight?.Matrix, loss));
}

/// <summary>One cost function.</summary>
internal sealed record DenseTerm(Variable[] Variables, WalkedFunction Residual, double[]? Weight, DenseLoss? Loss)
{
    /// <summary>Adds what it contributes at some values.</summary>
    public void AddTo(DenseSystem system, Values values)
    {
        DoubleDouble[][] arguments = Array.ConvertAll(Variables, variable => Exact.Of(Numbers(values, variable)));
        DoubleDouble[] error = Weighted(Residual.Value(arguments));
        DoubleDouble squaredNorm = DenseSystem.Dot(error, error);
        DoubleDouble slope = Loss?.Slope(squaredNorm) ?? 1.0;
        system.Cost += 0.5 * (Loss?.Rho(squaredNorm) ?? squaredNorm);
        system.Add(slope, error, [.. Enumerable.Range(0, Variables.Length).SelectMany(Columns)]);

        IEnumerable<(int, DoubleDouble[])> Columns(int parameter) => system.OffsetOf(Variables[parameter]) is { } offset
            ? Residual.DerivativesBy(parameter, arguments).Select((column, k) => (offset + k, Weighted(column)))
            : [];
    }

    private DoubleDouble[] Weighted(DoubleDouble[] residual) => Weight is null
        ? residual
        : [.. residual.Select((_, i) =>
            Exact.Dot(residual, Weight[(i * residual.Length)..((i + 1) * residual.Length)]))];

    private static double[] Numbers(Values values, Variable variable)
    {
        double[] numbers = new double[variable.Kind.StorageLength];
        values.CopyTo(variable, 0, numbers);
        return numbers;
    }
}

/// <summary>Dense normal equations.</summary>
internal sealed class DenseSystem
{
    private readonly Dictionary<Variable, int> _offsets = [];

    public DenseSystem(Problem problem)
    {
        int length = 0;
        foreach (Variable variable in problem.Variables.Where(problem.IsOptimized))
        {
            _offsets.Add(variable, length);
            length += variable.Kind.TangentLength;
        }

        Gradient = new DoubleDouble[length];
        Hessian = new DoubleDouble[length, length];
    }

    public DoubleDouble Cost { get; set; }

    public DoubleDouble[] Gradient { get; }

    public DoubleDouble[,] Hessian { get; }

    /// <summary>Where a variable's coordinates begin; null if it is held.</summary>
    public int? OffsetOf(Variable variable) => _offsets.TryGetValue(variable, out int offset) ? offset : null;

    /// <summary>Adds ρ′Jᵀe and ρ′JᵀJ; a coordinate may have several columns, which add up.</summary>
    public void Add(DoubleDouble slope, DoubleDouble[] error, (int Coordinate, DoubleDouble[] Column)[] jacobian)
    {
        foreach ((int i, DoubleDouble[] column) in jacobian)
        {
            Gradient[i] += slope * Dot(column, error);
            foreach ((int j, DoubleDouble[] other) in jacobian)
                Hessian[i, j] += slope * Dot(column, other);
        }
    }

    public static DoubleDouble Dot(DoubleDouble[] a, DoubleDouble[] b)
    {
        DoubleDouble sum = 0;
        for (int k = 0; k < a.Length; k++)
            sum += a[k] * b[k];
        return sum;
    }
}
