using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <content>The triangular solves.</content>
internal sealed unsafe partial class FrontKernels<TShort, TMiddle, TTall>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveForward(double* panel, int columns, int ld, double* z)
    {
        double* negative = stackalloc double[Width];
        for (int column = 0; column < columns; column += Width)
        {
            int width = Math.Min(Width, columns - column), top = column & -Padding;
            double* tile = panel + ((nint)column * ld), pivots = z + column;
            for (int j = 0; j < Width; j++)
                negative[j] = 0;
            for (int j = 0; j < width; j++)
            {
                double sum = pivots[j];
                double* entry = tile + column + j;
                for (int k = 0; k < j; k++, entry += ld)
                    sum = Math.FusedMultiplyAdd(*entry, negative[k], sum);
                negative[j] = -sum * *entry;
            }

            SolveTile<TShort>.AddProduct(tile + top, ld, width, ld - top, negative, z + top);
            for (int j = 0; j < width; j++)
                pivots[j] = -negative[j]; // the product went over them
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveBackward(double* panel, int columns, int ld, double* x)
    {
        double* known = stackalloc double[Width], right = stackalloc double[Width];
        for (int column = (columns - 1) / Width * Width; column >= 0; column -= Width)
        {
            int width = Math.Min(Width, columns - column), top = column & -Padding;
            double* tile = panel + ((nint)column * ld), pivots = x + column;
            for (int j = 0; j < width; j++)
                (right[j], pivots[j]) = (pivots[j], 0); // the product passes over them
            SolveTile<TShort>.TransposedProduct(tile + top, ld, width, ld - top, known, x + top);
            for (int j = width - 1; j >= 0; j--)
            {
                double* diagonal = tile + column + (j * ((nint)ld + 1));
                double sum = right[j] - known[j];
                for (int k = j + 1; k < width; k++)
                    sum = Math.FusedMultiplyAdd(-diagonal[k - j], pivots[k], sum);
                pivots[j] = sum * *diagonal;
            }
        }
    }
}
