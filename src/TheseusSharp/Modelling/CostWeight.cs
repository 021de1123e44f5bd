using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// w, which multiplies the residual: square-root information. A number, a diagonal, or a full matrix; each given as
/// numbers, as columns (one weight for each of many cost functions), or as a variable, which can be learned.
/// Immutable.
/// </summary>
public abstract class CostWeight
{
    private readonly double[]? _numbers;
    private readonly ReadOnlyMemory<double> _column;

    private protected CostWeight(double[] numbers) => _numbers = numbers;

    private protected CostWeight(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        Variable = variable;
    }

    private protected CostWeight(ReadOnlyMemory<double> column)
    {
        _column = column;
        IsColumn = true;
    }

    /// <summary>The variable that holds the weight, if it is one.</summary>
    public Variable? Variable { get; }

    /// <summary>Whether there is a weight for each of many cost functions.</summary>
    internal bool IsColumn { get; }

    /// <summary>The weights of many cost functions, one after another.</summary>
    internal ReadOnlyMemory<double> Column => _column;

    /// <summary>The weight of one cost function, or of all alike.</summary>
    internal ReadOnlySpan<double> Numbers => _numbers;

    /// <summary>The weight 1: the residual as it is.</summary>
    public static CostWeight Identity { get; } = new IdentityWeight();

    /// <summary>One number for the whole residual.</summary>
    /// <param name="scale">The number.</param>
    public static CostWeight Scale(double scale) => new ScaleWeight([scale]);

    /// <summary>One number for the whole residual, held by a variable.</summary>
    /// <param name="scale">The variable.</param>
    public static CostWeight Scale(Variable<Scalar> scale) => new ScaleWeight(scale);

    /// <summary>One number for each of many cost functions.</summary>
    /// <param name="scales">The numbers.</param>
    public static CostWeight ScaleColumn(ReadOnlyMemory<double> scales) => new ScaleWeight(scales);

    /// <summary>One number for each entry of the residual.</summary>
    /// <param name="diagonal">As many as the residual has entries.</param>
    public static CostWeight Diagonal(params ReadOnlySpan<double> diagonal) => new DiagonalWeight(diagonal.ToArray());

    /// <summary>One number for each entry of the residual, held by a variable.</summary>
    /// <param name="diagonal">A variable as long as the residual.</param>
    public static CostWeight Diagonal(Variable<Vector<Scalar>> diagonal) => new DiagonalWeight(diagonal);

    /// <summary>A diagonal for each of many cost functions.</summary>
    /// <param name="diagonals">The diagonals, one after another.</param>
    public static CostWeight DiagonalColumn(ReadOnlyMemory<double> diagonals) => new DiagonalWeight(diagonals);

    /// <summary>A full square-root information W: the cost is ½‖W·r‖².</summary>
    /// <param name="matrix">W, row-major, with as many rows and columns as the residual has entries.</param>
    public static CostWeight SquareRootInformation(params ReadOnlySpan<double> matrix) =>
        new MatrixWeight(matrix.ToArray());

    /// <summary>A full square-root information held by a variable.</summary>
    /// <param name="matrix">A variable that holds W, row-major.</param>
    public static CostWeight SquareRootInformation(Variable<Vector<Scalar>> matrix) => new MatrixWeight(matrix);

    /// <summary>A full square-root information for each of many cost functions.</summary>
    /// <param name="matrices">The matrices, row-major, one after another.</param>
    public static CostWeight SquareRootInformationColumn(ReadOnlyMemory<double> matrices) =>
        new MatrixWeight(matrices);

    /// <summary>The weight W of an information matrix Ω = WᵀW: its upper Cholesky factor.</summary>
    /// <param name="information">Ω, row-major, symmetric and positive definite; only its upper half is read.</param>
    /// <exception cref="ArgumentException">Ω is not square or not positive definite.</exception>
    public static CostWeight Information(params ReadOnlySpan<double> information) =>
        new MatrixWeight(MatrixWeight.UpperFactor(information));

    /// <summary>How many numbers the weight of a residual has.</summary>
    /// <param name="dimension">How many entries the residual has.</param>
    internal abstract int LengthFor(int dimension);

    /// <summary>w·r.</summary>
    internal abstract Scalar[] Apply(ReadOnlySpan<Scalar> weight, ReadOnlySpan<Scalar> residual);
}
