using System.Reflection;

namespace TheseusSharp.Tests.Geometry;

/// <summary>The static methods that a group offers by custom and not by interface.</summary>
internal static class GroupStatics<TGroup>
    where TGroup : struct
{
    private static readonly Func<Random, TGroup> s_random =
        Method("Random", typeof(Random))?.CreateDelegate<Func<Random, TGroup>>()
        ?? throw new MissingMethodException(typeof(TGroup).Name, "Random(Random)");

    public static TGroup Random(Random random) => s_random(random);

    /// <summary>A public static method; null if there is none.</summary>
    public static MethodInfo? Method(string name, params Type[] parameters) =>
        typeof(TGroup).GetMethod(name, BindingFlags.Public | BindingFlags.Static, parameters);
}
