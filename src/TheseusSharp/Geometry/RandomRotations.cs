using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>Uniform rotations.</summary>
internal static class RandomRotations
{
    /// <summary>
    /// A unit quaternion [x, y, z, w], uniform on the sphere (Shoemake, "Uniform random rotations", 1992).
    /// </summary>
    public static T[] Quaternion<T>(Random random)
        where T : struct, IScalar<T>
    {
        double u = random.NextDouble(), a = 2 * Math.PI * random.NextDouble(), b = 2 * Math.PI * random.NextDouble();
        double inner = Math.Sqrt(1 - u), outer = Math.Sqrt(u);
        return [inner * Math.Sin(a), inner * Math.Cos(a), outer * Math.Sin(b), outer * Math.Cos(b)];
    }
}
