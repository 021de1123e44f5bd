using System.Numerics;
using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>The triangle on the diagonal of one tile: 6 by 6, by rows, the diagonal inverted.</summary>
internal static unsafe class Triangle
{
    private const int Stride = 6;

    /// <summary>Factors the lower triangle of a symmetric matrix.</summary>
    /// <remarks>
    /// First into a unit triangle and its diagonal: so only a division, not a square root as well, is on the way from
    /// one pivot to the next.
    /// </remarks>
    /// <param name="source">The matrix, column-major.</param>
    /// <param name="ld">How far apart its columns are.</param>
    /// <param name="width">How many rows it has, at most 6.</param>
    /// <param name="least">For each column, what its pivot must exceed.</param>
    /// <param name="triangle">Receives the factor.</param>
    /// <returns>−1, or the first column whose pivot did not.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Factor<T>(T* source, nint ld, int width, T* least, T* triangle)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* unit = stackalloc T[Stride * Stride];
        for (int j = 0; j < width; j++, source += ld)
        {
            T* row = triangle + (j * Stride), unitRow = unit + (j * Stride);
            T pivot = source[j];
            for (int k = 0; k < j; k++)
                pivot = T.FusedMultiplyAdd(-row[k], unitRow[k], pivot);
            if (!(pivot > least[j] && pivot < T.PositiveInfinity))
                return j;
            T inverse = T.One / pivot;
            row[j] = inverse;
            for (int i = j + 1; i < width; i++)
            {
                T* other = triangle + (i * Stride);
                T sum = source[i];
                for (int k = 0; k < j; k++)
                    sum = T.FusedMultiplyAdd(-unitRow[k], other[k], sum);
                other[j] = sum;
                unit[(i * Stride) + j] = sum * inverse;
            }
        }

        Scale(width, triangle);
        return -1;
    }

    /// <summary>
    /// Writes the factor over the lower triangle of the matrix, its diagonal inverted: that is what solving needs.
    /// </summary>
    /// <param name="triangle">The factor.</param>
    /// <param name="width">How many rows it has.</param>
    /// <param name="target">The matrix.</param>
    /// <param name="ld">How far apart its columns are.</param>
    /// <param name="above">How many rows above the matrix become zero, too, as what is above its diagonal does.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store<T>(T* triangle, int width, T* target, nint ld, int above)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < width; j++, target += ld)
        {
            for (int i = -above; i < j; i++)
                target[i] = T.Zero;
            for (int i = j; i < width; i++)
                target[i] = triangle[(i * Stride) + j];
        }
    }

    /// <summary>Reads back what <see cref="Store"/> wrote.</summary>
    /// <param name="source">The matrix.</param>
    /// <param name="ld">How far apart its columns are.</param>
    /// <param name="width">How many rows the factor has.</param>
    /// <param name="triangle">Receives the factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Load<T>(T* source, nint ld, int width, T* triangle)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < width; j++, source += ld)
            for (int i = j; i < width; i++)
                triangle[(i * Stride) + j] = source[i];
    }

    /// <summary>From a triangle times its pivots, whose inverses are on the diagonal, to the factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale<T>(int width, T* triangle)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < width; j++)
        {
            T scale = T.Sqrt(triangle[j * (Stride + 1)]);
            triangle[j * (Stride + 1)] = scale;
            for (int i = j + 1; i < width; i++)
                triangle[(i * Stride) + j] *= scale;
        }
    }
}
