from tasks.logs import line


def test_a_line_names_its_facts_and_leaves_out_what_is_not_known() -> None:
    assert line("staged", batch=12, source="feed", since=None) == "staged batch=12 source=feed"


def test_words_with_spaces_quotes_or_equal_signs_stand_in_quotes() -> None:
    assert line("malformed", text='84.32%% "的" a=b') == 'malformed text="84.32%% \\"的\\" a=b"'
    assert line("malformed", text="第一行\n第二行") == 'malformed text="第一行\\n第二行"'
    assert line("malformed", text="") == 'malformed text=""'
