using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// Random expressions of group elements, tangents and points: products of all shapes, shared and not.
/// </summary>
/// <typeparam name="TGroup">The group over symbolic scalars.</typeparam>
internal sealed class RandomMotions<TGroup>
    where TGroup : struct, ILieGroup<TGroup, Scalar>
{
    private readonly Random _random;
    private readonly List<TGroup> _elements;
    private readonly List<Vector<Scalar>> _tangents;
    private readonly List<Vector<Scalar>> _points;
    private readonly List<string> _text = [];

    private RandomMotions(int seed, TGroup a, TGroup b, Vector<Scalar> tangent, Vector<Scalar> point)
    {
        _random = new(seed);
        _elements = [Constant(), a, b];
        _tangents = [tangent];
        _points = [point];
    }

    /// <summary>Traces an expression.</summary>
    /// <param name="seed">Which.</param>
    /// <param name="text">What it does.</param>
    public static Function Draw(int seed, out string text)
    {
        var written = new List<string>();
        Function function = Function.Compile(
            (TGroup a, TGroup b, Vector<Scalar> tangent, Vector<Scalar> point) =>
            {
                var motions = new RandomMotions<TGroup>(seed, a, b, tangent, point);
                for (int step = 0; step < 4 + (seed % 8); step++)
                    motions.Step();
                written.AddRange(motions._text);
                return motions._elements[^1].Log().Concat(motions._points[^1]).Concat(motions._tangents[^1]);
            },
            [Shape.Vector(TGroup.TangentLength), Shape.Vector(TGroup.PointLength)],
            new(Backend: KernelBackend.Interpreter));
        text = string.Join("; ", written);
        return function;
    }

    private void Step()
    {
        switch (_random.Next(9))
        {
            case 0 or 1:
                Add(_elements, "compose", Any(_elements).Compose(Any(_elements)));
                break;
            case 2 or 3:
                Add(_elements, "between", Any(_elements).Between(Any(_elements)));
                break;
            case 4:
                Add(_elements, "inverse", Any(_elements).Inverse());
                break;
            case 5:
                Add(_elements, "retract", Any(_elements).Retract(Any(_tangents)));
                break;
            case 6:
                Add(_tangents, "local", Any(_elements).Local(Any(_elements)));
                break;
            case 7:
                Add(_points, "act", Act(Any(_elements), Any(_points)));
                break;
            default:
                Add(_elements, "repacked", Repacked(Any(_elements), Any(_elements)));
                break;
        }
    }

    /// <summary>An element of literals: what a lambda has captured.</summary>
    private static TGroup Constant() => LieGroup<TGroup, Scalar>.Exp(
        new([.. Enumerable.Range(0, TGroup.TangentLength).Select(k => (Scalar)(0.3 - (0.2 * k)))]));

    private T Any<T>(List<T> values) => values[Math.Max(0, values.Count - 1 - _random.Next(4))];

    private void Add<T>(List<T> values, string operation, T value)
    {
        _text.Add(operation);
        values.Add(value);
    }

    private Vector<Scalar> Act(TGroup x, Vector<Scalar> point) => new(
        _random.Next(2) == 0
            ? LieGroup<TGroup, Scalar>.Act(x, point.AsSpan())
            : LieGroup<TGroup, Scalar>.ActInverse(x, point.AsSpan()));

    /// <summary>One element or another, chosen number by number: a group element that no operation made.</summary>
    private static TGroup Repacked(TGroup a, TGroup b)
    {
        Scalar[] first = a.ToStorage(), second = b.ToStorage();
        Mask<Scalar> condition = first[0] < second[0];
        return TGroup.FromStorage([.. first.Zip(second, (x, y) => Scalar.Where(condition, x, y))]);
    }
}
