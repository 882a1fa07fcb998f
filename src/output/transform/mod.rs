//! `--transform PATH`: a GJSON path, which selects and rearranges parts of a JSON answer.
//!
//! The syntax is that of <https://github.com/tidwall/gjson> 1.18, and so are the results, down to its oddities, so that a
//! path means here what it means to the service's other programs. Rust's `gjson` crate reads a number of paths differently.

mod modifiers;
mod path;
mod pattern;
mod pretty;
mod query;
mod scan;
mod select;
mod split;

use std::fmt;

use path::Step;

/// A GJSON path, checked.
#[derive(Debug)]
pub(crate) struct Transform {
    path: String,
    steps: Vec<Step>,
}

/// What is wrong in a path and where, in one sentence without capital and full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathError(String);

impl fmt::Display for PathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for PathError {}

impl Transform {
    /// Reads a path of at least one character. Err: brackets or quotes that do not pair, an unknown modifier, a literal that
    /// is not JSON, a path beyond the limits on depth, length and growth, or one that the Go program would misread.
    pub(crate) fn parse(path: &str) -> Result<Self, PathError> {
        Ok(Self { path: path.to_owned(), steps: path::parse(path)? })
    }

    /// The path as it was given.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The JSON text that the path selects in `json`, which must be valid JSON; `None` if it selects nothing. A value that
    /// is selected as it is keeps its spelling, white space included.
    pub(crate) fn apply(&self, json: &str) -> Option<String> {
        let selected = select::select(scan::value(json), &self.steps);
        (!selected.is_empty()).then_some(selected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BATCH: &str = r#"{"id":"vsfb_abc123","object":"vector_store.file_batch","created_at":1699061776,"vector_store_id":"vs_abc123","status":"in_progress","file_counts":{"in_progress":1,"completed":1,"failed":0,"cancelled":0,"total":2}}"#;
    const PAGE: &str = r#"{"object":"list","data":[{"id":"file-1","status":"completed","usage_bytes":1234,"last_error":null,"attributes":{"a":1}},{"id":"file-2","status":"failed","usage_bytes":0,"last_error":{"code":"server_error"},"attributes":{}},{"id":"file-3","status":"in_progress","usage_bytes":-1.5e2,"last_error":null}],"first_id":"file-1","last_id":"file-3","has_more":false}"#;
    const PEOPLE: &str = r#"{"name":{"first":"Tom","last":"Anderson"},"age":37,"children":["Sara","Alex","Jack"],"fav.movie":"Deer Hunter","friends":[{"first":"Dale","last":"Murphy","age":44,"nets":["ig","fb","tw"]},{"first":"Roger","last":"Craig","age":68,"nets":["fb","tw"]},{"first":"Jane","last":"Murphy","age":47,"nets":["ig","tw"]}]}"#;
    const TRUTHS: &str = r#"{"vals":[{"a":1,"b":"data"},{"a":2,"b":true},{"a":3,"b":false},{"a":4,"b":"0"},{"a":5,"b":0},{"a":6,"b":"1"},{"a":7,"b":1},{"a":8,"b":"true"},{"a":9,"b":"false"},{"a":10,"b":null},{"a":11},{"a":12,"b":"TRUE"},{"a":13,"b":"T"},{"a":14,"b":[]},{"a":15,"b":{}}]}"#;

    /// What the Go program printed for each path: `None` where it found nothing.
    #[track_caller]
    fn check(json: &str, cases: &[(&str, Option<&str>)]) {
        for (path, expected) in cases {
            let transform = Transform::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(transform.apply(json).as_deref(), *expected, "{path} on {json}");
        }
    }

    #[test]
    fn keys_lead_to_the_value_as_it_came() {
        check(
            BATCH,
            &[
                ("id", Some(r#""vsfb_abc123""#)),
                ("file_counts.total", Some("2")),
                ("file_counts", Some(r#"{"in_progress":1,"completed":1,"failed":0,"cancelled":0,"total":2}"#)),
            ],
        );
        check(
            r#"{"a": 1e3,"b":[1 , 2.0],"c":"\u00e9\/"}"#,
            &[
                ("a", Some("1e3")),
                ("b", Some("[1 , 2.0]")),
                ("c", Some(r#""\u00e9\/""#)),
                ("@this", Some(r#"{"a": 1e3,"b":[1 , 2.0],"c":"\u00e9\/"}"#)),
            ],
        );
    }

    #[test]
    fn what_is_not_there_is_not_selected() {
        check(BATCH, &[("nope", None), ("id.x", None), ("file_counts.0", None)]);
        check(PAGE, &[("data.3", None), ("data.id", None), ("data.-1", None)]);
        check(r#""text""#, &[("a", None)]);
        check("5", &[("0", None)]);
        check("null", &[("a", None)]);
    }

    #[test]
    fn a_null_is_selected() {
        check(PAGE, &[("data.0.last_error", Some("null"))]);
        check("null", &[("@this", Some("null"))]);
    }

    #[test]
    fn an_index_selects_an_element_or_a_key_of_digits() {
        check(PEOPLE, &[("children.1", Some(r#""Alex""#)), ("children.01", Some(r#""Alex""#))]);
        check(r#"{"0":{"1":"x"}}"#, &[("0.1", Some(r#""x""#))]);
        check("[[1,2],[3]]", &[("0.1", Some("2"))]);
    }

    #[test]
    fn a_repeated_key_is_its_first_that_leads_to_the_end() {
        check(r#"{"a":1,"a":2}"#, &[("a", Some("1"))]);
        check(r#"{"a":1,"a":{"b":2}}"#, &[("a.b", Some("2"))]);
        check(r#"{"a":{"b":1},"a":{"b":2}}"#, &[("a.b", Some("1"))]);
    }

    #[test]
    fn a_wildcard_matches_the_first_key() {
        check(PEOPLE, &[("child*.2", Some(r#""Jack""#)), ("c?ildren.0", Some(r#""Sara""#))]);
        check(BATCH, &[("*.total", Some("2")), ("*_*t", Some("1699061776"))]);
        check(r#"{"日本":1,"né":2}"#, &[("n?", Some("2"))]);
        check("[1]", &[("*", None)]);
    }

    #[test]
    fn a_backslash_takes_a_character_literally() {
        check(PEOPLE, &[(r"fav\.movie", Some(r#""Deer Hunter""#))]);
        check(r#"{"a*b":1,"axb":2}"#, &[(r"a\*b", Some("1"))]);
        check(r#"{"a|b":1}"#, &[(r"a\|b", Some("1"))]);
        check(r#"{"@keys":1}"#, &[(r"\@keys", Some("1"))]);
        check(r##"{"#":1}"##, &[(r"\#", Some("1"))]);
        check(r#"{"a\"b":1,"c\u00e9":2}"#, &[("cé", Some("2"))]);
        check(r#"{"a\"b":1}"#, &[(r#"a"b"#, Some("1"))]);
    }

    #[test]
    fn an_escaped_wildcard_beside_a_wildcard_is_one_too() {
        check(r#"{"axbc":1}"#, &[(r"a\*b*", Some("1"))]);
    }

    #[test]
    fn an_empty_part_is_an_empty_key() {
        check(r#"{"":{"":3}}"#, &[(".", Some("3"))]);
        check(r#"{"a":{"":1}}"#, &[("a.", Some("1")), ("a|", Some("1"))]);
    }

    #[test]
    fn a_number_sign_counts_a_list_and_is_a_key_of_a_map() {
        check(PEOPLE, &[("friends.#", Some("3"))]);
        check(r##"{"#":5}"##, &[("#", Some("5"))]);
        check(BATCH, &[("id.#", None)]);
        check("[]", &[("#", Some("0"))]);
    }

    #[test]
    fn a_number_sign_before_a_dot_selects_in_each_element() {
        check(PEOPLE, &[("friends.#.first", Some(r#"["Dale","Roger","Jane"]"#))]);
        check(PAGE, &[("data.#.last_error.code", Some(r#"["server_error"]"#))]);
        check(
            PEOPLE,
            &[
                ("friends.#.nope", Some("[]")),
                ("friends.#.nets.#", Some("[3,2,2]")),
                ("friends.#.nets.0", Some(r#"["ig","fb","ig"]"#)),
            ],
        );
        check("[[1,[2]],[3]]", &[("#.#", Some("[2,1]"))]);
        check(BATCH, &[("#.id", None)]);
    }

    #[test]
    fn a_pipe_goes_on_from_the_list_where_a_dot_goes_into_it() {
        check(
            PEOPLE,
            &[
                ("friends.#.first|0", Some(r#""Dale""#)),
                ("friends.#.first.0", Some("[]")),
                (r#"friends.#(last=="Murphy")#.first|#"#, Some("2")),
                (r#"friends.#(last=="Murphy")#|first"#, None),
                ("friends|1|first", Some(r#""Roger""#)),
                ("friends|#|@this", Some("3")),
            ],
        );
    }

    #[test]
    fn a_query_selects_the_first_or_all_that_match() {
        check(
            PEOPLE,
            &[
                (r#"friends.#(last=="Murphy").first"#, Some(r#""Dale""#)),
                (r#"friends.#(last=="Murphy")#.first"#, Some(r#"["Dale","Jane"]"#)),
                ("friends.#(age>45)#.last", Some(r#"["Craig","Murphy"]"#)),
                (r#"friends.#(first%"D*").last"#, Some(r#""Murphy""#)),
                (r#"friends.#(first!%"D*")#.first"#, Some(r#"["Roger","Jane"]"#)),
                ("friends.#(age<=47)#.age", Some("[44,47]")),
                ("friends.#[age>=68].first", Some(r#""Roger""#)),
                ("friends.#( first = Jane ).age", Some("47")),
            ],
        );
        check(
            PAGE,
            &[
                (r#"data.#(id=="none")"#, None),
                (r#"data.#(id=="none")#"#, Some("[]")),
                (r#"data.#(status!="completed")#.id"#, Some(r#"["file-2","file-3"]"#)),
            ],
        );
    }

    #[test]
    fn a_query_without_a_left_side_asks_the_elements() {
        check(
            PEOPLE,
            &[(r#"children.#(="Alex")"#, Some(r#""Alex""#)), (r#"children.#(!%"*a*")#"#, Some(r#"["Alex"]"#))],
        );
        check(r#"[1,2,3,"2",null]"#, &[("#(>=2)#", Some(r#"[2,3,"2"]"#))]);
        check(r#"[1,"a",null,{}]"#, &[("#()#", Some(r#"[1,"a",null]"#))]);
    }

    #[test]
    fn a_query_without_an_operator_asks_that_something_is_there() {
        check(
            PAGE,
            &[
                ("data.#(attributes.a)#.id", Some(r#"["file-1"]"#)),
                ("data.#(last_error)#.id", Some(r#"["file-1","file-2","file-3"]"#)),
                ("data.#(attributes)#|#", Some("2")),
            ],
        );
    }

    #[test]
    fn queries_nest() {
        check(
            PEOPLE,
            &[
                (r#"friends.#(nets.#(=="fb"))#.first"#, Some(r#"["Dale","Roger"]"#)),
                (r#"friends.#(nets.#(=="fb")#|#>1)#.first"#, Some("[]")),
            ],
        );
        check(r#"{"a":[{"b":[{"c":1},{"c":2}]},{"b":[{"c":3}]}]}"#, &[("a.#(b.#(c>2))#.b.0.c", Some("[3]"))]);
    }

    #[test]
    fn a_query_compares_by_the_type_of_the_left_side() {
        check(
            r#"[{"a":"10"},{"a":9},{"a":true},{"a":null},{"a":[1]},{}]"#,
            &[
                (r#"#(a>"1")#"#, Some(r#"[{"a":"10"},{"a":9}]"#)),
                (r#"#(a!="x")#"#, Some(r#"[{"a":"10"},{"a":9},{"a":true}]"#)),
                ("#(a==true)#", Some(r#"[{"a":true}]"#)),
            ],
        );
        check("[1,2,-1]", &[("#(>abc)#", Some("[1,2]"))]);
        check(r#"["b","B","é"]"#, &[(r#"#(>="b")#"#, Some(r#"["b","é"]"#))]);
        check("[1e3,1000.0,1001]", &[("#(==1000)#", Some("[1e3,1000.0]"))]);
        check(r#"["a\"b"]"#, &[(r#"#(=="a\"b")"#, Some(r#""a\"b""#))]);
    }

    #[test]
    fn booleans_compare_oddly_as_in_go() {
        check(
            "[true,false]",
            &[
                ("#(>=x)#", Some("[true]")),
                ("#(<=x)#", Some("[false]")),
                ("#(<true)#", Some("[false]")),
                ("#(>false)#", Some("[true]")),
                ("#(!=x)#", Some("[true,false]")),
            ],
        );
    }

    #[test]
    fn a_tilde_asks_what_a_value_counts_as() {
        check(
            TRUTHS,
            &[
                ("vals.#(b==~true)#.a", Some("[2,6,7,8,12,13]")),
                ("vals.#(b==~false)#.a", Some("[3,4,5,9,10,11]")),
                ("vals.#(b==~null)#.a", Some("[10,11]")),
                ("vals.#(b==~*)#.a", Some("[1,2,3,4,5,6,7,8,9,10,12,13,14,15]")),
                ("vals.#(b!=~true)#.a", Some("[1,3,4,5,9,10,11,14,15]")),
                ("vals.#(b!=~*)#.a", Some("[11]")),
                ("vals.#(b==~x)#.a", Some("[]")),
            ],
        );
    }

    #[test]
    fn a_pipe_after_steps_for_each_match_waits_for_a_match() {
        check(
            PAGE,
            &[
                (r#"data.#(id=="none")#.id|#"#, Some("[]")),
                (r#"data.#(id=="none")#|#"#, Some("0")),
                (r#"data.#(id=="none")|@keys"#, Some("[]")),
                (r#"data.#(id=="none").id|@keys"#, None),
            ],
        );
    }

    #[test]
    fn a_missing_value_goes_through_a_pipe_but_not_a_dot() {
        check(
            BATCH,
            &[
                ("nope|@keys", Some("[]")),
                ("nope.x|@keys", None),
                ("nope.@keys", Some("[]")),
                ("nope|@tostr", Some(r#""""#)),
                ("nope|!1", Some("1")),
                ("nope|[id]", Some("[]")),
            ],
        );
    }

    #[test]
    fn a_multipath_makes_a_map_or_a_list() {
        check(
            BATCH,
            &[
                ("{id,status,file_counts.total}", Some(r#"{"id":"vsfb_abc123","status":"in_progress","total":2}"#)),
                ("[id,file_counts.total,nope]", Some(r#"["vsfb_abc123",2]"#)),
            ],
        );
        check(
            PEOPLE,
            &[
                (
                    r#"{first:name.first,age,"the \u0022murphys\u0022":friends.#(last="Murphy")#.first}"#,
                    Some(r#"{"first":"Tom","age":37,"the \u0022murphys\u0022":["Dale","Jane"]}"#),
                ),
                (
                    "friends.#.{first,nets.#}",
                    Some(r#"[{"first":"Dale","_":3},{"first":"Roger","_":2},{"first":"Jane","_":2}]"#),
                ),
                ("{friends.#,name.{l:last},[age]}", Some(r#"{"_":3,"_":{"l":"Anderson"},"_":[37]}"#)),
                (r#"{children|@reverse,"k":children.@join}"#, Some(r#"{"@reverse":["Jack","Alex","Sara"],"k":{}}"#)),
                (r#"[name.first,!"x",{age}].2.age"#, Some("37")),
            ],
        );
        check(BATCH, &[("{}", Some("{}")), ("[]", Some("[]"))]);
        check(PEOPLE, &[(r"{fav\.movie,<a>:age}", Some(r#"{"fav\\.movie":"Deer Hunter","\u003ca\u003e":37}"#))]);
        check(
            BATCH,
            &[
                ("{a:{b:{c:id}}}", Some(r#"{"a":{"b":{"c":"vsfb_abc123"}}}"#)),
                ("{@flatten:id}", Some(r#"{"@flatten":"vsfb_abc123"}"#)),
                (r#"{"a" :id}"#, Some(r#"{"a" :"vsfb_abc123"}"#)),
            ],
        );
    }

    #[test]
    fn a_literal_stands_for_itself() {
        check(
            BATCH,
            &[
                (r#"!"text""#, Some(r#""text""#)),
                ("!123", Some("123")),
                ("!true", Some("true")),
                (r#"!{"a": 1}.a"#, Some("1")),
                (
                    r#"{id,"kind":!"x",n:!-1.5e3,l:![1,2],z:!null}"#,
                    Some(r#"{"id":"vsfb_abc123","kind":"x","n":-1.5e3,"l":[1,2],"z":null}"#),
                ),
                ("![1,[2]]|@flatten", Some("[1,2]")),
                (r#"!"a}b""#, Some(r#""a}b""#)),
            ],
        );
    }

    #[test]
    fn a_literal_after_a_dot_is_a_key() {
        check(r#"{"a":{"!true":1}}"#, &[("a.!true", Some("1"))]);
        check(r#"{"a":{}}"#, &[("a|!true", Some("true"))]);
    }

    #[test]
    fn reverse_turns_lists_and_maps_round() {
        check(
            PEOPLE,
            &[
                ("children|@reverse", Some(r#"["Jack","Alex","Sara"]"#)),
                ("name.@reverse", Some(r#"{"last":"Anderson","first":"Tom"}"#)),
                ("age.@reverse", Some("37")),
            ],
        );
    }

    #[test]
    fn ugly_drops_white_space() {
        check("{ \"a b\" : [ 1 , \"\\\" \" ] }\n", &[("@ugly", Some(r#"{"a b":[1,"\" "]}"#))]);
    }

    #[test]
    fn pretty_lays_out() {
        check(
            r#"{"a":[1,2,{"b":[]}],"c":{},"d":[[1,2],[3]]}"#,
            &[(
                "@pretty",
                Some(
                    "{\n  \"a\": [\n    1,\n    2,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {},\n  \"d\": [[1, 2], [3]]\n}\n",
                ),
            )],
        );
        check(
            r#"{"b":[1,2,3],"a":{"d":1,"c":2}}"#,
            &[(
                r#"@pretty:{"sortKeys":true,"indent":"\t","prefix":" ","width":10}"#,
                Some(
                    "{\n \t\"a\": {\n \t\t\"c\": 2,\n \t\t\"d\": 1\n \t},\n \t\"b\": [\n \t\t1,\n \t\t2,\n \t\t3\n \t]\n }\n",
                ),
            )],
        );
        check(
            r#"[[1,2],["aaaaaaaaaaaa","bbbbbbbbbbb"]]"#,
            &[(
                r#"@pretty:{"width":28}"#,
                Some("[\n  [1, 2],\n  [\n    \"aaaaaaaaaaaa\",\n    \"bbbbbbbbbbb\"\n  ]\n]\n"),
            )],
        );
        check("[1]", &[(r#"@pretty:{"width":0}"#, Some("[\n  1\n]\n"))]);
    }

    #[test]
    fn flatten_opens_lists_in_a_list() {
        check(
            "[1,[2],[3,4],[5,[6,7]],[]]",
            &[("@flatten", Some("[1,2,3,4,5,[6,7]]")), (r#"@flatten:{"deep":true}"#, Some("[1,2,3,4,5,6,7]"))],
        );
        check(r#"{"a":[1]}"#, &[("@flatten", Some(r#"{"a":[1]}"#))]);
    }

    #[test]
    fn join_merges_the_maps_of_a_list() {
        check(
            r#"[{"first":"Tom","age":37},5,{"age":41}]"#,
            &[
                ("@join", Some(r#"{"first":"Tom","age":41}"#)),
                (r#"@join:{"preserve":true}"#, Some(r#"{"first":"Tom","age":37,"age":41}"#)),
            ],
        );
    }

    #[test]
    fn keys_and_values_take_a_map_apart() {
        check(
            PEOPLE,
            &[
                ("name.@keys", Some(r#"["first","last"]"#)),
                ("name.@values", Some(r#"["Tom","Anderson"]"#)),
                ("children.@keys", Some("[null,null,null]")),
                ("children.@values", Some(r#"["Sara","Alex","Jack"]"#)),
                ("age.@keys", Some("[null]")),
                ("age.@values", Some("[37]")),
            ],
        );
    }

    #[test]
    fn tostr_and_fromstr_undo_each_other() {
        check(
            r#"{"a":{"b": "<x>&\u2028é\t"}}"#,
            &[("a.@tostr", Some(r#""{\"b\": \"\u003cx\u003e\u0026\\u2028é\\t\"}""#))],
        );
        check(r#"{"a":{"b": 1}}"#, &[("a.@tostr.@fromstr", Some(r#"{"b": 1}"#))]);
        check(r#"{"a":"{\"b\":[1]}"}"#, &[("a.@fromstr.b.0", Some("1"))]);
        check("[1.50,1e3,12]", &[("#.@fromstr", Some("[1.5,1000,12]"))]);
    }

    #[test]
    fn group_turns_a_map_of_lists_into_a_list_of_maps() {
        check(
            r#"{"id":["a","b"],"val":[1,2],"w":[true],"k":5}"#,
            &[("@group", Some(r#"[{"id":"a","val":1,"w":true},{"id":"b","val":2}]"#))],
        );
        check("[1]", &[("@group", None)]);
    }

    #[test]
    fn dig_finds_a_path_at_any_depth() {
        check(PAGE, &[("@dig:code", Some(r#"["server_error"]"#)), ("@dig:id|0", Some(r#""file-1""#))]);
        check(PEOPLE, &[(r#"@dig:#(=="fb")"#, Some(r#"["fb","fb"]"#))]);
        check(r#"[[{"a":1},{"b":{"a":{"a":2}}}]]"#, &[("@dig:a", Some(r#"[1,{"a":2},2]"#))]);
        check(r#"[[{"a":1,"b":2}]]"#, &[("@dig:{a,b}", Some(r#"[{},{},{"a":1,"b":2},{},{}]"#))]);
    }

    #[test]
    fn this_and_valid_pass_values_on() {
        check(PEOPLE, &[("age.@this", Some("37")), ("age.@valid", Some("37"))]);
    }

    #[test]
    fn two_dots_take_the_text_as_lines() {
        check(
            BATCH,
            &[
                ("..#", Some("1")),
                ("..0.id", Some(r#""vsfb_abc123""#)),
                ("..#.status", Some(r#"["in_progress"]"#)),
                ("..1", None),
            ],
        );
        check("[1,2]", &[("..#", Some("1"))]);
        check(BATCH, &[(r#"..#(status=="in_progress").id"#, Some(r#""vsfb_abc123""#))]);
    }

    #[test]
    fn an_unknown_modifier_is_refused_wherever_it_stands() {
        assert_eq!(
            Transform::parse("@nope").unwrap_err().to_string(),
            r"there is no modifier `@nope` (write `\@nope` for a key of that name), at character 1 of the path"
        );
        for path in ["@nope", "é.@nope", "a|@nope:1", "#.@nope", "{a,b:c.@nope}", "#(@nope)", "@dig:@nope", "@"] {
            assert!(Transform::parse(path).is_err(), "{path}");
        }
    }

    #[test]
    fn what_is_not_closed_is_refused() {
        assert_eq!(Transform::parse("{a").unwrap_err().to_string(), "`{` is never closed, at character 1 of the path");
        for path in [
            "{a",
            "a.[b,{c}",
            r#"a.#(b=="c""#,
            r#"#(a=="b)"#,
            r#"{"a:b}"#,
            "[a)",
            r#"@pretty:{"width":1"#,
            r#"@dig:"a"#,
        ] {
            assert!(Transform::parse(path).is_err(), "{path}");
        }
    }

    #[test]
    fn what_the_go_program_misreads_is_refused() {
        assert_eq!(
            Transform::parse("{a}b").unwrap_err().to_string(),
            "only `.` or `|` may follow here, at character 4 of the path"
        );
        for path in [
            "{a}b",
            "#(a)b",
            r#"!"a"|@tostr"#,
            "!123.x",
            "!nan",
            "!nope",
            "!",
            "!{a:1}",
            "@flatten:{deep:true}",
            "..@keys",
            "#(a!b)",
            r#"#(a=="x\q")"#,
            r#"#(a=="x" "y")"#,
            "#(a<0x1p4)",
            "#.a.[b|c]",
        ] {
            assert!(Transform::parse(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_path_beyond_the_limits_is_refused() {
        let deep = |levels: usize| format!("{}a{}", "[".repeat(levels), "]".repeat(levels));
        assert!(Transform::parse(&deep(63)).is_ok());
        assert!(Transform::parse(&deep(64)).unwrap_err().to_string().contains("nests more than 64 levels deep"));
        assert!(Transform::parse(&"a.".repeat(255)).is_ok());
        assert!(Transform::parse(&"a.".repeat(256)).unwrap_err().to_string().contains("more than 256 parts"));
        assert!(Transform::parse(&"[@this,@this]|".repeat(20)).unwrap_err().to_string().contains("repeats its input"));
    }

    // Here the Go program reads on within the text of a string, or writes what is not JSON.
    #[test]
    fn a_string_is_not_searched_and_the_output_is_json() {
        check(r#"{"s":"{\"a\":1}","t":"text"}"#, &[("s.a", None), ("s|a", None), ("t.@fromstr", None)]);
        check(r#"[{},{"a":1}]"#, &[(r#"@join:{"preserve":true}"#, Some(r#"{"a":1}"#))]);
    }

    #[test]
    fn a_deep_document_is_no_trouble() {
        let json = format!("{}{}", "[".repeat(128), "]".repeat(128));
        for path in ["@dig:@this", "@pretty", r#"@flatten:{"deep":true}"#, "*.*"] {
            let _ = Transform::parse(path).unwrap().apply(&json);
        }
        assert_eq!(
            Transform::parse("0.".repeat(126).trim_end_matches('.')).unwrap().apply(&json).as_deref(),
            Some("[[]]")
        );
    }

    // Damaged paths and documents: the claim is that nothing panics.
    #[test]
    fn no_path_makes_it_panic() {
        let paths =
            [r#"friends.#(last=="M*")#.{first,"a b":nets|@join}|@pretty:{"width":3}"#, r#"..#.!"é"|@dig:#(a!%~*)"#];
        for path in paths {
            for (at, _) in path.char_indices() {
                for change in ["", "\\", "\"", "#(", "[", "}", "|", ".", "@", "é"] {
                    let changed = format!("{}{change}{}", &path[..at], path[at..].chars().skip(1).collect::<String>());
                    if let Ok(transform) = Transform::parse(&changed) {
                        let _ = (transform.apply(PEOPLE), transform.apply("[[],{}]"), transform.apply("{\"a\":[1,"));
                    }
                }
            }
        }
    }
}
