using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using static TheseusSharp.Tests.Modelling.Refusals;

namespace TheseusSharp.Tests.Modelling;

/// <summary>What is put into values comes out again, for one element and for many.</summary>
public class ValuesTests
{
    private readonly Variable<Scalar> _x = Variable.Scalar("x");
    private readonly Variable<Vector<Scalar>> _v = Variable.Vector("v", 3);
    private readonly Variable<SE3<Scalar>> _pose = Variable.SE3("pose");

    public static TheoryData<int> BatchSizes => [1, 2, 7, 8, 9, 17];

    [Theory, MemberData(nameof(BatchSizes))]
    public void Every_element_keeps_its_own_numbers(int batch)
    {
        var values = new Values(batch);
        Variable<Vector<Scalar>>[] many = [.. Enumerable.Range(0, 20).Select(k => Variable.Vector($"v{k}", 3))];
        for (int k = 0; k < many.Length; k++)
            values.Set(many[k], [.. Enumerable.Range(0, 3 * batch).Select(i => (100.0 * k) + i)]);

        for (int k = 0; k < many.Length; k++)
            for (int element = 0; element < batch; element++)
            {
                double first = (100.0 * k) + (3 * element);
                Assert.Equal([first, first + 1, first + 2], Numbers(values, many[k], element));
                Assert.Equal(batch == 1, values.IsShared(many[k]));
            }
    }

    [Theory, MemberData(nameof(BatchSizes))]
    public void A_shared_value_serves_all_elements(int batch)
    {
        var values = new Values(batch);
        values.Set(_v, 1, 2, 3);

        Assert.True(values.IsShared(_v));
        Assert.All(Enumerable.Range(0, batch), element => Assert.Equal([1, 2, 3], Numbers(values, _v, element)));
    }

    [Theory, MemberData(nameof(BatchSizes))]
    public void Setting_one_element_leaves_the_others(int batch)
    {
        var values = new Values(batch);
        values.Set(_v, 1, 2, 3);
        values.SetElement(_v, batch - 1, [7, 8, 9]);
        values.SetElement(_v, batch / 2, [4, 5, 6]);

        for (int element = 0; element < batch; element++)
            Assert.Equal(
                element == batch / 2 ? [4, 5, 6] : element == batch - 1 ? [7, 8, 9] : [1, 2, 3],
                Numbers(values, _v, element));
        Assert.Equal(batch == 1, values.IsShared(_v));
    }

    [Fact]
    public void A_value_becomes_shared_again()
    {
        var values = new Values(3);
        values.Set(_x, 1, 2, 3);
        values.Set(_x, 5);

        Assert.True(values.IsShared(_x));
        Assert.Equal([5, 5, 5], Enumerable.Range(0, 3).Select(element => values.Get(_x, element)));
        values.Set(_x, 1, 2, 3);
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(element => values.Get(_x, element)));
    }

    [Fact]
    public void A_value_that_is_spread_and_shared_by_turns_takes_no_more_memory()
    {
        var values = new Values(64);
        Turn();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int k = 0; k < 1000; k++)
            Turn();
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;

        Assert.True(each < 1000, $"{each} bytes for each turn of 64 numbers, 512 bytes");

        void Turn()
        {
            values.Set(_x, 1);
            values.SetElement(_x, 63, [2]);
            Assert.Equal((1, 2), (values.Get(_x, 62), values.Get(_x, 63)));
        }
    }

    [Fact]
    public void A_copy_shares_nothing()
    {
        var values = new Values(2);
        values.Set(_x, 1);
        values.Set(_v, 1, 2, 3, 4, 5, 6);
        Values copy = values.Clone();

        values.Set(_x, 10);
        values.SetElement(_v, 1, [7, 8, 9]);
        copy.Set(_pose, SE3<Float64>.Identity);

        Assert.Equal(1, copy.Get(_x));
        Assert.Equal([4, 5, 6], Numbers(copy, _v, 1));
        Assert.False(values.Contains(_pose));
        Assert.Equal([_x, _v], values.Variables);
        Assert.Equal(2, copy.BatchSize);
        copy.SetElement(_v, 0, [0, 0, 0]);
        Assert.Equal([1, 2, 3], Numbers(values, _v, 0));
    }

    [Fact]
    public void Every_type_comes_out_as_it_went_in()
    {
        var random = new Random(3);
        var values = new Values(2);
        RoundTrip(Variable.Point2("point2"), Point2<Float64>.Random(random), Point2<Float64>.Random(random));
        RoundTrip(Variable.Point3("point3"), Point3<Float64>.Random(random), Point3<Float64>.Random(random));
        RoundTrip(Variable.SO2("so2"), SO2<Float64>.Random(random), SO2<Float64>.Random(random));
        RoundTrip(Variable.SE2("se2"), SE2<Float64>.Random(random), SE2<Float64>.Random(random));
        RoundTrip(Variable.SO3("so3"), SO3<Float64>.Random(random), SO3<Float64>.Random(random));
        RoundTrip(Variable.SE3("se3"), SE3<Float64>.Random(random), SE3<Float64>.Random(random));
        RoundTrip(_v, Vector<Float64>.Random(3, random), Vector<Float64>.Random(3, random));

        void RoundTrip<TValue>(Variable variable, TValue first, TValue second)
            where TValue : IStorable<TValue, Float64>
        {
            values.Set(variable, first);
            values.Set(variable, 1, second);
            Assert.Equal(Storage(first), Storage(values.Get<TValue>(variable)));
            Assert.Equal(Storage(second), Storage(values.Get<TValue>(variable, 1)));
            Assert.Equal(Storage(second).Select(x => x.Value), Numbers(values, variable, 1));
        }

        static Float64[] Storage<TValue>(TValue value)
            where TValue : IStorable<TValue, Float64>
        {
            var storage = new Float64[value.Kind.StorageLength];
            value.CopyTo(storage);
            return storage;
        }
    }

    [Fact]
    public void Many_are_set_at_once()
    {
        var values = new Values(2);
        values.SetMany([_v, _x], [1, 2, 3, 4]);

        Assert.Equal([1, 2, 3], Numbers(values, _v, 1));
        Assert.Equal(4, values.Get(_x, 1));
        Refuses<ArgumentException>(() => values.SetMany([_v, _x], new double[5]), "2 variables", "4", "5");
        Assert.Equal(4, values.Get(_x));
    }

    [Fact]
    public void Wrong_kinds_are_refused()
    {
        var values = new Values();
        values.Set(_pose, SE3<Float64>.Identity);

        Refuses<ArgumentException>(() => values.Set(_pose, SO3<Float64>.Identity), "'pose'", "SE3", "SO3");
        Refuses<ArgumentException>(() => values.Set(_v, 0, SO3<Float64>.Identity), "'v'", "Vector(3)", "SO3");
        Refuses<ArgumentException>(() => values.Get<SO3<Float64>>(_pose), "'pose'", "SE3", "SO3");
        Refuses<ArgumentException>(() => values.Get<Vector<Float64>>(_pose), "'pose'", "SE3", "Vector(7)");
        Refuses<ArgumentException>(() => values.Set(_v, Vector<Float64>.Zero(4)), "'v'", "Vector(3)", "Vector(4)");
    }

    [Fact]
    public void Wrong_lengths_and_elements_are_refused()
    {
        var values = new Values(4);
        values.Set(_v, 1, 2, 3);

        Refuses<ArgumentException>(() => values.Set(_v, new double[6]), "'v'", "3 or 12", "6");
        Refuses<ArgumentException>(() => values.SetElement(_v, 0, new double[2]), "'v'", "3", "2");
        Refuses<ArgumentException>(() => values.CopyTo(_v, 0, new double[4]), "'v'", "3", "4");
        foreach (int element in new[] { -1, 4 })
        {
            Refuses<ArgumentOutOfRangeException>(() => values.SetElement(_v, element, new double[3]), "4 elements");
            Refuses<ArgumentOutOfRangeException>(() => values.CopyTo(_v, element, new double[3]), "4 elements");
            Refuses<ArgumentOutOfRangeException>(() => values.Get<Vector<Float64>>(_v, element), "4 elements");
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new Values(0));
        Assert.Equal([1, 2, 3], Numbers(values, _v, 3));
    }

    [Fact]
    public void A_missing_value_is_named()
    {
        var values = new Values();
        Assert.False(values.Contains(_x));
        Refuses<KeyNotFoundException>(() => values.Get(_x), "'x'", "Values.Set");
        Refuses<KeyNotFoundException>(() => values.IsShared(_x), "'x'", "Values.Set");

        var objective = new Objective();
        objective.Add(_v, _x, (v, x) => v * x);
        values.Set(_v, 1, 2, 3);
        Refuses<ArgumentException>(() => Evaluation.Objective(objective, values), "'x'", "Scalar", "Values.Set");
    }

    private static double[] Numbers(Values values, Variable variable, int element)
    {
        double[] numbers = new double[variable.Kind.StorageLength];
        values.CopyTo(variable, element, numbers);
        return numbers;
    }
}
