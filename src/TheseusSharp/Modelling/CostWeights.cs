using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>No weight: nothing is recorded, not even a product with 1.</summary>
internal sealed class IdentityWeight() : CostWeight(Array.Empty<double>())
{
    internal override int LengthFor(int dimension) => 0;

    internal override Scalar[] Apply(ReadOnlySpan<Scalar> weight, ReadOnlySpan<Scalar> residual) => residual.ToArray();
}

/// <summary>One number for the whole residual.</summary>
internal sealed class ScaleWeight : CostWeight
{
    public ScaleWeight(double[] numbers)
        : base(numbers)
    {
    }

    public ScaleWeight(Variable variable)
        : base(variable)
    {
    }

    public ScaleWeight(ReadOnlyMemory<double> column)
        : base(column)
    {
    }

    internal override int LengthFor(int dimension) => 1;

    internal override Scalar[] Apply(ReadOnlySpan<Scalar> weight, ReadOnlySpan<Scalar> residual)
    {
        Scalar[] weighted = residual.ToArray();
        foreach (ref Scalar entry in weighted.AsSpan())
            entry = weight[0] * entry;
        return weighted;
    }
}

/// <summary>One number for each entry of the residual.</summary>
internal sealed class DiagonalWeight : CostWeight
{
    public DiagonalWeight(double[] numbers)
        : base(numbers)
    {
    }

    public DiagonalWeight(Variable variable)
        : base(variable)
    {
    }

    public DiagonalWeight(ReadOnlyMemory<double> column)
        : base(column)
    {
    }

    internal override int LengthFor(int dimension) => dimension;

    internal override Scalar[] Apply(ReadOnlySpan<Scalar> weight, ReadOnlySpan<Scalar> residual)
    {
        var weighted = new Scalar[residual.Length];
        for (int k = 0; k < weighted.Length; k++)
            weighted[k] = weight[k] * residual[k];
        return weighted;
    }
}

/// <summary>A square matrix.</summary>
internal sealed class MatrixWeight : CostWeight
{
    public MatrixWeight(double[] numbers)
        : base(numbers)
    {
    }

    public MatrixWeight(Variable variable)
        : base(variable)
    {
    }

    public MatrixWeight(ReadOnlyMemory<double> column)
        : base(column)
    {
    }

    /// <summary>U of Ω = UᵀU.</summary>
    public static double[] UpperFactor(ReadOnlySpan<double> information)
    {
        int n = (int)Math.Sqrt(information.Length);
        if (n * n != information.Length || n == 0)
            throw new ArgumentException(
                $"An information matrix is square; {information.Length} numbers were given.", nameof(information));
        var upper = new double[n * n];
        int row = FactorUpper(information, upper, n, out double pivot);
        return row < 0 ? upper : throw new ArgumentException(
            $"The information matrix is not positive definite: pivot {row} is {pivot:G6}. Expected all above 0. Give " +
            "the square root itself with CostWeight.SquareRootInformation, or a diagonal.", nameof(information));
    }

    /// <summary>U of A = UᵀU, row by row.</summary>
    /// <param name="matrix">A, row-major; only its upper half is read.</param>
    /// <param name="upper">Receives U; zeros below the diagonal must be there.</param>
    /// <param name="size">How many rows there are.</param>
    /// <param name="pivot">The last pivot.</param>
    /// <returns>−1, or the row whose pivot is not above 0.</returns>
    public static int FactorUpper(ReadOnlySpan<double> matrix, Span<double> upper, int size, out double pivot)
    {
        pivot = 0;
        for (int i = 0; i < size; i++)
            for (int j = i; j < size; j++)
            {
                double sum = matrix[(i * size) + j];
                for (int k = 0; k < i; k++)
                    sum -= upper[(k * size) + i] * upper[(k * size) + j];
                if (i == j && !((pivot = sum) > 0))
                    return i;
                upper[(i * size) + j] = i == j ? Math.Sqrt(sum) : sum / upper[(i * size) + i];
            }

        return -1;
    }

    internal override int LengthFor(int dimension) => dimension * dimension;

    internal override Scalar[] Apply(ReadOnlySpan<Scalar> weight, ReadOnlySpan<Scalar> residual)
    {
        int n = residual.Length;
        var weighted = new Scalar[n];
        for (int i = 0; i < n; i++)
        {
            weighted[i] = weight[i * n] * residual[0];
            for (int j = 1; j < n; j++)
                weighted[i] += weight[(i * n) + j] * residual[j];
        }

        return weighted;
    }
}
