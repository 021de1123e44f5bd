using System.Globalization;

namespace TheseusSharp.Data;

public sealed partial class PoseGraph
{
    /// <summary>Weights for the residuals: square roots W of the information matrices, WᵀW = I.</summary>
    /// <remarks>
    /// W is upper triangular (Cholesky) where the information is positive definite, diagonal in the mode that says so,
    /// and symmetric otherwise.
    /// </remarks>
    /// <param name="mode">What of the information counts.</param>
    /// <returns>Row-major matrices, <see cref="TangentLength"/>² numbers an edge.</returns>
    /// <exception cref="DataFormatException">
    /// Full: an information matrix is indefinite, an eigenvalue lying below −1e-12 of the largest. Diagonal: an entry
    /// of a diagonal is negative. The message names the first such edge, how many there are, and remedies.
    /// </exception>
    public double[] SquareRootInformation(InformationMode mode)
    {
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Expected Full, Diagonal or Clamp.");
        int size = TangentLength, area = size * size, first = -1, count = 0;
        double worst = 0;
        double[] roots = new double[_information.Length];
        for (int edge = 0; edge < EdgeCount; edge++)
        {
            ReadOnlySpan<double> information = _information.AsSpan(edge * area, area);
            Span<double> root = roots.AsSpan(edge * area, area);
            double negative = mode == InformationMode.Diagonal
                ? DiagonalRoot(information, root, size)
                : SquareRoot.Of(information, root, size);
            if (negative == 0 || mode == InformationMode.Clamp)
                continue;
            if (count++ == 0)
                (first, worst) = (edge, negative);
        }

        return count == 0 ? roots : throw Negative(mode, first, count, worst);
    }

    /// <summary>The information matrices as a mode takes them: WᵀW of <see cref="SquareRootInformation"/>.</summary>
    /// <inheritdoc cref="SquareRootInformation"/>
    public double[] InformationOf(InformationMode mode)
    {
        int size = TangentLength, area = size * size;
        double[] information = SquareRootInformation(mode);
        Span<double> root = stackalloc double[area];
        for (int start = 0; start < information.Length; start += area)
        {
            Span<double> product = information.AsSpan(start, area);
            product.CopyTo(root);
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < size; k++)
                        sum += root[(k * size) + i] * root[(k * size) + j];
                    product[(i * size) + j] = sum;
                }
        }

        return information;
    }

    /// <returns>The first negative entry of the diagonal; 0 if there is none.</returns>
    private static double DiagonalRoot(ReadOnlySpan<double> information, Span<double> root, int size)
    {
        for (int k = 0; k < size; k++)
        {
            double entry = information[(k * size) + k];
            if (entry < 0)
                return entry;
            root[(k * size) + k] = Math.Sqrt(entry);
        }

        return 0;
    }

    private DataFormatException Negative(InformationMode mode, int edge, int count, double worst)
    {
        string what = mode == InformationMode.Diagonal
            ? string.Create(CultureInfo.InvariantCulture, $"has {worst} in its diagonal")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"is indefinite (its smallest eigenvalue is {worst:G3} times the largest)");
        string remedy = mode == InformationMode.Diagonal
            ? "--information clamp (InformationMode.Clamp) sets negative eigenvalues to zero"
            : "--information diagonal (InformationMode.Diagonal) uses the diagonals alone, --information clamp " +
              "(InformationMode.Clamp) sets negative eigenvalues to zero";
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the information matrix of edge {_ids[_from[edge]]} → {_ids[_to[edge]]} {what}, the first of " +
                $"{count} such edges among {EdgeCount}. Remedies: correct the data, or choose: {remedy}."),
            Source,
            _edgeLines[edge]);
    }
}
