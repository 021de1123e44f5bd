using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>
/// Judges pivots, one in each lane, for vectors of either precision: see <see cref="ILanes{TSelf, T}.Judge"/>.
/// </summary>
internal static class Pivots
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Judge<T>(Vector512<T> failed, Vector512<T> pivot, Vector512<T> entry, T tolerance, int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector512<T> least = entry * Vector512.Create(tolerance);
        Vector512<T> isGood = Vector512.GreaterThan(pivot, least) & Vector512.GreaterThan(pivot, Vector512<T>.Zero) &
            Vector512.LessThan(pivot, Vector512.Create(T.PositiveInfinity));
        Vector512<T> hasFailed = Vector512.GreaterThanOrEqual(failed, Vector512<T>.Zero);
        return Vector512.ConditionalSelect(isGood | hasFailed, failed, Vector512.Create(T.CreateTruncating(row)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Judge<T>(Vector256<T> failed, Vector256<T> pivot, Vector256<T> entry, T tolerance, int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector256<T> least = entry * Vector256.Create(tolerance);
        Vector256<T> isGood = Vector256.GreaterThan(pivot, least) & Vector256.GreaterThan(pivot, Vector256<T>.Zero) &
            Vector256.LessThan(pivot, Vector256.Create(T.PositiveInfinity));
        Vector256<T> hasFailed = Vector256.GreaterThanOrEqual(failed, Vector256<T>.Zero);
        return Vector256.ConditionalSelect(isGood | hasFailed, failed, Vector256.Create(T.CreateTruncating(row)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Judge<T>(Vector128<T> failed, Vector128<T> pivot, Vector128<T> entry, T tolerance, int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector128<T> least = entry * Vector128.Create(tolerance);
        Vector128<T> isGood = Vector128.GreaterThan(pivot, least) & Vector128.GreaterThan(pivot, Vector128<T>.Zero) &
            Vector128.LessThan(pivot, Vector128.Create(T.PositiveInfinity));
        Vector128<T> hasFailed = Vector128.GreaterThanOrEqual(failed, Vector128<T>.Zero);
        return Vector128.ConditionalSelect(isGood | hasFailed, failed, Vector128.Create(T.CreateTruncating(row)));
    }
}
