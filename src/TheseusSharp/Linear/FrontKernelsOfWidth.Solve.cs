using System.Numerics;
using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <content>The triangular solves.</content>
internal sealed unsafe partial class FrontKernels<T, TShort, TMiddle, TTall>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveForward(T* panel, int columns, int ld, T* z)
    {
        T* negative = stackalloc T[Width];
        for (int column = 0; column < columns; column += Width)
        {
            int width = Math.Min(Width, columns - column), top = column & -FrontKernels.Padding;
            T* tile = panel + ((nint)column * ld), pivots = z + column;
            for (int j = 0; j < Width; j++)
                negative[j] = T.Zero;
            for (int j = 0; j < width; j++)
            {
                T sum = pivots[j];
                T* entry = tile + column + j;
                for (int k = 0; k < j; k++, entry += ld)
                    sum = T.FusedMultiplyAdd(*entry, negative[k], sum);
                negative[j] = -sum * *entry;
            }

            SolveTile<TShort, T>.AddProduct(tile + top, ld, width, ld - top, negative, z + top);
            for (int j = 0; j < width; j++)
                pivots[j] = -negative[j]; // the product went over them
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveBackward(T* panel, int columns, int ld, T* x)
    {
        T* known = stackalloc T[Width], right = stackalloc T[Width];
        for (int column = (columns - 1) / Width * Width; column >= 0; column -= Width)
        {
            int width = Math.Min(Width, columns - column), top = column & -FrontKernels.Padding;
            T* tile = panel + ((nint)column * ld), pivots = x + column;
            for (int j = 0; j < width; j++)
                (right[j], pivots[j]) = (pivots[j], T.Zero); // the product passes over them
            SolveTile<TShort, T>.TransposedProduct(tile + top, ld, width, ld - top, known, x + top);
            for (int j = width - 1; j >= 0; j--)
            {
                T* diagonal = tile + column + (j * ((nint)ld + 1));
                T sum = right[j] - known[j];
                for (int k = j + 1; k < width; k++)
                    sum = T.FusedMultiplyAdd(-diagonal[k - j], pivots[k], sum);
                pivots[j] = sum * *diagonal;
            }
        }
    }
}
