using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>Taking rigid motions apart and putting them together, without leaving typed nodes.</summary>
internal static class MotionParts
{
    /// <summary>The rotation of a motion.</summary>
    /// <param name="motion">The motion.</param>
    /// <param name="stored">Its stored rotation.</param>
    public static TRotation RotationOf<TMotion, TRotation, T>(TMotion motion, TRotation stored)
        where TMotion : struct, ILieGroup<TMotion, T>
        where TRotation : struct, ILieGroup<TRotation, T>
        where T : struct, IScalar<T>
    {
        if (!T.IsSymbolic)
            return stored;
        var result = new T[TRotation.StorageLength];
        T.Record(RotationPart.Of(TMotion.FixedKind!, TRotation.FixedKind!), LieGroup<TMotion, T>.Storage(motion),
            result);
        return TRotation.FromStorage(result);
    }

    /// <summary>The motion of a translation and a rotation.</summary>
    public static TMotion Join<TMotion, TRotation, T>(ReadOnlySpan<T> translation, TRotation rotation)
        where TMotion : struct, ILieGroup<TMotion, T>
        where TRotation : struct, ILieGroup<TRotation, T>
        where T : struct, IScalar<T>
    {
        T[] storage = [.. translation, .. LieGroup<TRotation, T>.Storage(rotation)];
        if (!T.IsSymbolic)
            return TMotion.FromStorage(storage);
        var result = new T[TMotion.StorageLength];
        T.Record(MotionJoin.Of(TMotion.FixedKind!, TRotation.FixedKind!, TRotation.Operations!), storage, result);
        return TMotion.FromStorage(result);
    }
}
